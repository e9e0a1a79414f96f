using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A minute with a service that refuses what is too much and never says what would not be, in virtual time.</summary>
public sealed class LearnedRateTests
{
    [Theory]
    [InlineData(200, 20, 64, 20)]
    [InlineData(20, 5, 16, 50)]
    [InlineData(50, 10, 32, 200)]
    [InlineData(1_000, 100, 64, 10)]
    [InlineData(5, 1, 8, 100)]
    public void It_finds_the_rate_that_a_service_without_hints_bears(int perSecond, int burst, int requesters, int latency)
    {
        LimitedService service = LimitedService.Bucket(perSecond, burst, hint: _ => null);
        (int good, int refused) = service.Serve(requesters, TimeSpan.FromMilliseconds(latency), TimeSpan.FromMinutes(1));
        double throughput = good / 60.0 / perSecond;
        double refusals = (double)refused / (good + refused);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{perSecond}/s, burst {burst}, {requesters} requesters, {latency} ms: {throughput:P1} of the rate, {refusals:P1} refused");

        refusals.Should().BeLessThanOrEqualTo(0.15);
        throughput.Should().BeInRange(0.6, 1 + (burst / 60.0 / perSecond));
    }

    [Theory]
    [InlineData(200, 20, 64, 20, 10, 0.75, 0.08)]
    [InlineData(200, 20, 32, 20, 10, 0.75, 0.08)]
    [InlineData(200, 20, 64, 50, 10, 0.75, 0.08)]
    [InlineData(200, 60, 64, 20, 10, 0.75, 0.08)]
    [InlineData(200, 200, 64, 20, 10, 0.75, 0.08)]
    [InlineData(20, 5, 16, 50, 60, 0.75, 0.08)]
    [InlineData(20, 10, 16, 50, 60, 0.85, 0.08)]
    [InlineData(50, 10, 32, 200, 60, 0.75, 0.08)]
    [InlineData(1_000, 100, 64, 10, 10, 0.75, 0.08)]
    [InlineData(5, 1, 8, 100, 60, 0.6, 0.1)] // A bucket of one forgives nothing.
    [InlineData(200, 20, 64, 50, 60, 0.9, 0.08)]
    public void It_wastes_little_of_a_service_that_says_only_when_to_come_back(
        int perSecond, int burst, int requesters, int latency, int seconds, double least, double mostRefused)
    {
        LimitedService service = LimitedService.Bucket(
            perSecond, burst, state => state.IsGood ? null : new RateHint(TimeSpan.FromSeconds(1), default));
        (int good, int refused) = service.Serve(requesters, TimeSpan.FromMilliseconds(latency), TimeSpan.FromSeconds(seconds));
        double throughput = good / (double)seconds / perSecond;
        double refusals = (double)refused / (good + refused);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{perSecond}/s, burst {burst}, {requesters} requesters, {latency} ms: {throughput:P1} of the rate, {refusals:P1} refused");

        refusals.Should().BeLessThanOrEqualTo(mostRefused);
        throughput.Should().BeInRange(least, 1 + (burst / (double)seconds / perSecond));
    }

    [Fact]
    public void A_service_that_never_refuses_is_never_held_back()
    {
        LimitedService service = LimitedService.Bucket(perSecond: 1_000_000, burst: 1_000_000, hint: _ => null);
        (int good, int refused) = service.Serve(requesters: 8, latency: TimeSpan.FromMilliseconds(100), duration: TimeSpan.FromMinutes(1));

        (good, refused).Should().Be((8 * 600, 0));
    }
}
