using CsCheck;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Tests.Hedging;

public sealed class LatencyEstimateTests
{
    private const double BucketGrowth = 1.125;

    private readonly LatencyEstimate _estimate = new();

    [Fact]
    public void The_estimate_exceeds_the_exact_quantile_by_at_most_a_bucket()
    {
        Gen<double> milliseconds = Gen.OneOf(Gen.Double[0.125, 10], Gen.Double[1, 1_000], Gen.Double[100, 600_000]);

        Gen.Int[1, 15].SelectMany(updates => milliseconds.Array[32 * updates]).Sample(samples =>
        {
            LatencyEstimate estimate = new();
            foreach (double sample in samples)
                estimate.Add(TimeSpan.FromMilliseconds(sample));

            double exact = samples.Order().ElementAt((int)Math.Ceiling(0.95 * samples.Length) - 1);
            estimate.Usual!.Value.TotalMilliseconds.Should().BeInRange(exact - 0.001, (exact * BucketGrowth) + 0.001);
        });
    }

    [Fact]
    public void The_mean_is_off_by_no_more_than_half_a_bucket() => Gen.Double[1, 10_000].Array[32, 500].Sample(samples =>
    {
        LatencyEstimate estimate = new();
        foreach (double sample in samples)
            estimate.Add(TimeSpan.FromMilliseconds(sample));

        (estimate.Mean?.TotalMilliseconds / samples.Average()).Should().BeInRange(0.93, 1.07);
    });

    [Fact]
    public void The_estimate_is_unknown_before_there_are_enough_answers()
    {
        Add(10, times: 31);
        _estimate.Usual.Should().BeNull();

        Add(10, times: 1);
        _estimate.Usual.Should().NotBeNull();
    }

    [Fact]
    public void The_estimate_follows_a_slower_service_at_once_and_a_faster_one_soon()
    {
        Add(10, times: 10_000);
        ShouldBeUsual(10);

        Add(100, times: 96);
        ShouldBeUsual(100);

        Add(100, times: 10_000);
        Add(10, times: 3_200);
        ShouldBeUsual(10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Is_bounded_whatever_a_clock_says(long ticks)
    {
        for (int i = 0; i < 32; i++)
            _estimate.Add(new TimeSpan(ticks));

        _estimate.Usual!.Value.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThan(TimeSpan.FromHours(1));
    }

    private void Add(double milliseconds, int times)
    {
        for (int i = 0; i < times; i++)
            _estimate.Add(TimeSpan.FromMilliseconds(milliseconds));
    }

    private void ShouldBeUsual(double milliseconds) =>
        _estimate.Usual!.Value.TotalMilliseconds.Should().BeInRange(milliseconds, milliseconds * BucketGrowth);
}
