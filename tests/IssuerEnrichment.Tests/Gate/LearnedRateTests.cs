using IssuerEnrichment.Gate;
using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A minute with a service that refuses what is too much and never says what would not be, in virtual time.</summary>
public sealed class LearnedRateTests
{
    private const long Minute = TimeSpan.TicksPerMinute;

    [Theory]
    [InlineData(200, 20, 64, 20)]
    [InlineData(20, 5, 16, 50)]
    [InlineData(50, 10, 32, 200)]
    [InlineData(1_000, 100, 64, 10)]
    [InlineData(5, 1, 8, 100)]
    public void It_finds_the_rate_that_a_service_without_hints_bears(int perSecond, int burst, int requesters, int latency)
    {
        (int good, int refused) = Run(perSecond, burst, requesters, TimeSpan.FromMilliseconds(latency).Ticks);
        double throughput = good / 60.0 / perSecond;
        double refusals = (double)refused / (good + refused);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{perSecond}/s, burst {burst}, {requesters} requesters, {latency} ms: {throughput:P1} of the rate, {refusals:P1} refused");

        refusals.Should().BeLessThanOrEqualTo(0.15);
        throughput.Should().BeInRange(0.6, 1 + (burst / 60.0 / perSecond));
    }

    [Theory]
    [InlineData(200, 20, 64, 20, 10)]
    [InlineData(200, 20, 32, 20, 10)]
    [InlineData(200, 20, 64, 50, 10)]
    [InlineData(200, 200, 64, 20, 10)]
    [InlineData(20, 5, 16, 50, 60)]
    [InlineData(50, 10, 32, 200, 60)]
    [InlineData(1_000, 100, 64, 10, 10)]
    [InlineData(5, 1, 8, 100, 60)]
    public void It_wastes_little_of_a_service_that_says_only_when_to_come_back(int perSecond, int burst, int requesters, int latency, int seconds)
    {
        (int good, int refused) = Run(
            perSecond, burst, requesters, TimeSpan.FromMilliseconds(latency).Ticks, seconds * TimeSpan.TicksPerSecond, TimeSpan.FromSeconds(1));
        double throughput = good / (double)seconds / perSecond;
        double refusals = (double)refused / (good + refused);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{perSecond}/s, burst {burst}, {requesters} requesters, {latency} ms: {throughput:P1} of the rate, {refusals:P1} refused");

        refusals.Should().BeLessThanOrEqualTo(0.08);
        throughput.Should().BeInRange(0.75, 1 + (burst / (double)seconds / perSecond));
    }

    [Fact]
    public void A_service_that_never_refuses_is_never_held_back()
    {
        (int good, int refused) = Run(perSecond: 1_000_000, burst: 1_000_000, requesters: 8, latency: TimeSpan.TicksPerSecond / 10);

        (good, refused).Should().Be((8 * 600, 0));
    }

    // Requesters wait in one line; each that is answered joins it again, as the gate has a refused one do.
    private static (int Good, int Refused) Run(
        int perSecond, int burst, int requesters, long latency, long until = Minute, TimeSpan? retryAfter = null)
    {
        GatePolicy policy = new(new GateOptions(), new Random(1).NextDouble);
        PriorityQueue<(GatePass Pass, bool IsGood), long> underWay = new();
        int waiting = requesters;
        int good = 0;
        int refused = 0;
        double tokens = burst;
        long filledAt = 0;
        long now = 0;
        while (true)
        {
            while (waiting > 0 && policy.TryAdmit(now, out GatePass? pass))
            {
                waiting--;
                tokens = Math.Min(burst, tokens + ((double)perSecond * (now - filledAt) / TimeSpan.TicksPerSecond));
                filledAt = now;
                bool isGood = tokens >= 1;
                tokens -= isGood ? 1 : 0;
                underWay.Enqueue((pass, isGood), now + latency);
            }

            long answerAt = underWay.TryPeek(out _, out long at) ? at : long.MaxValue;
            long changeAt = (waiting > 0 ? policy.NextChange(now) : null) ?? long.MaxValue;
            now = Math.Min(answerAt, changeAt);
            if (now > until)
                return (good, refused);
            if (answerAt > now)
                continue;

            (GatePass answered, bool wasGood) = underWay.Dequeue();
            waiting++;
            good += wasGood ? 1 : 0;
            refused += wasGood ? 0 : 1;
            Tell(policy, answered, wasGood, now, retryAfter);
        }
    }

    // As the gate does.
    private static void Tell(GatePolicy policy, GatePass pass, bool isGood, long now, TimeSpan? retryAfter)
    {
        policy.Rate.Resume(now);
        if (isGood && policy.Rate.CountGood())
            policy.Rate.TakeSample(now);
        policy.Learn(pass, new GateSignal(isGood ? GateVerdict.Good : GateVerdict.Refused, isGood || retryAfter is null ? null : new RateHint(retryAfter, default)), now);
    }
}
