using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>Services that say with every answer how much is left, and when there will be more, in virtual time.</summary>
public sealed class StatedQuotaTests
{
    // Of a bucket's reset, rounded to the second or taken for the clock's next one, nothing follows for the rate.
    [Theory]
    [InlineData(200, 20, 1)]
    [InlineData(200, 20, 2)]
    [InlineData(50, 10, 1)]
    public void What_a_bucket_holds_is_not_spread_over_the_time_to_its_being_full(int perSecond, int burst, int wholeSeconds)
    {
        LimitedService service = LimitedService.Bucket(
            perSecond, burst, state => Say(state with { Reset = TimeSpan.FromSeconds(wholeSeconds) }, limit: perSecond));

        (int good, int refused) = service.Serve(requesters: 64, latency: TimeSpan.FromMilliseconds(20), duration: TimeSpan.FromSeconds(30));

        (good / 30.0 / perSecond).Should().BeGreaterThan(0.7);
        ((double)refused / (good + refused)).Should().BeLessThan(0.05);
    }

    [Theory]
    [InlineData(200, 20, 64, 20)]
    [InlineData(200, 60, 64, 50)]
    [InlineData(1_000, 100, 256, 20)]
    public void What_sinks_tells_the_rate_before_the_bucket_is_empty(int perSecond, int burst, int requesters, int latency)
    {
        LimitedService service = LimitedService.Bucket(
            perSecond, burst, state => Say(state with { Reset = TimeSpan.FromSeconds(1) }, limit: perSecond));

        (int good, int refused) = service.Serve(requesters, TimeSpan.FromMilliseconds(latency), duration: TimeSpan.FromMinutes(1));

        (good / 60.0 / perSecond).Should().BeGreaterThan(0.9);
        refused.Should().BeLessThanOrEqualTo(requesters, "only those that came first were too many");
    }

    [Fact]
    public void A_bucket_that_takes_a_minute_to_fill_is_emptied_and_then_followed()
    {
        LimitedService service = LimitedService.Bucket(perSecond: 1, burst: 60, state => Say(state, limit: 60));

        (int good, int refused) = service.Serve(requesters: 8, latency: TimeSpan.FromMilliseconds(100), duration: TimeSpan.FromMinutes(10));

        good.Should().BeGreaterThan(60 + (int)(0.75 * 600));
        refused.Should().BeLessThan(20);
    }

    [Fact]
    public void The_last_tenth_of_a_window_is_spread_and_the_next_window_begins_at_full_speed()
    {
        LimitedService service = LimitedService.Window(limit: 1_000, TimeSpan.FromMinutes(1), state => Say(state, limit: 1_000));

        (int good, int refused) = service.Serve(requesters: 8, latency: TimeSpan.FromMilliseconds(50), duration: TimeSpan.FromMinutes(10));

        good.Should().BeGreaterThan(9_500);
        refused.Should().BeLessThan(20);
    }

    private static RateHint Say(LimitedService.State state, int limit) => new(null, new RateQuota(state.Remaining, state.Reset, limit, Window: null));
}
