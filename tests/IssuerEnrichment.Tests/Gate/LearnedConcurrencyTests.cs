namespace IssuerEnrichment.Tests.Gate;

/// <summary>Concurrency that is found out, on simulated services whose latencies are in milliseconds.</summary>
public sealed class LearnedConcurrencyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void The_limit_reaches_nine_tenths_of_the_best_fixed_throughput_at_a_knee(double step)
    {
        KneeService service = KneeService.Steps(knee: 32, step);

        KneeService.Served found = service.Serve(10_000);

        found.PerSecond.Should().BeGreaterThan(0.9 * service.BestThroughput(10_000));
        found.FailedShare.Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    [InlineData(64)]
    public void The_limit_does_not_exceed_the_useful_number_for_the_workers_of_the_service(int workers)
    {
        KneeService service = new((underWay, _, _) => 50 * Math.Max(1.0, (double)underWay / workers));

        KneeService.Served found = service.Serve(5_000);

        found.PerSecond.Should().BeGreaterThan(0.9 * workers * 20);
        found.Limits.TakeLast(2_500).Average().Should().BeLessThan((1.3 * workers) + 1);
    }

    [Fact]
    public void The_limit_follows_a_knee_that_moves_up()
    {
        KneeService service = new((underWay, at, _) => 50 + (5 * Math.Max(0, underWay - (at < 10_000 ? 8 : 64))));

        IReadOnlyList<int> limits = service.Serve(10_000).Limits;

        limits.Take(1_500).TakeLast(500).Average().Should().BeInRange(6, 12);
        limits.TakeLast(1_000).Average().Should().BeGreaterThan(55);
    }

    [Fact]
    public void The_limit_follows_a_knee_that_moves_down()
    {
        KneeService service = new((underWay, at, _) => 50 * Math.Max(1, Math.Pow(underWay / (at < 5_000 ? 64.0 : 8.0), 2)));

        IReadOnlyList<int> limits = service.Serve(8_000).Limits;

        limits.Take(4_000).TakeLast(1_000).Average().Should().BeGreaterThan(55);
        limits.TakeLast(1_000).Average().Should().BeInRange(6, 12);
    }

    [Fact]
    public void The_limit_recovers_soon_after_an_unrelated_latency_spike()
    {
        KneeService service = new((underWay, at, _) => (at is > 3_000 and < 5_000 ? 10 : 1) * (50 + (5 * Math.Max(0, underWay - 32))));

        IReadOnlyList<int> limits = service.Serve(8_000).Limits;

        limits.TakeLast(4_000).Average().Should().BeInRange(28, 36);
    }

    [Fact]
    public void The_limit_grows_although_latencies_vary()
    {
        KneeService noisy = new((underWay, _, chance) => -Math.Log(1 - chance) * 50 * Math.Max(1, underWay / 32.0));
        KneeService twofold = new((underWay, _, chance) => (chance < 0.5 ? 20 : 200) * Math.Max(1, underWay / 32.0));

        noisy.Serve(20_000).PerSecond.Should().BeGreaterThan(0.75 * 640);
        twofold.Serve(20_000).PerSecond.Should().BeGreaterThan(0.75 * 32 / 0.110);
    }

    [Fact]
    public void The_limit_grows_despite_unrelated_failures()
    {
        KneeService service = new((underWay, _, chance) => chance < 0.05 ? null : 50 * Math.Max(1, underWay / 32.0));

        service.Serve(10_000).PerSecond.Should().BeGreaterThan(0.8 * 640);
    }

    [Fact]
    public void The_limit_stays_below_the_number_that_makes_the_service_fail()
    {
        KneeService service = new((underWay, _, _) => underWay > 16 ? null : 50);

        KneeService.Served found = service.Serve(5_000);

        found.PerSecond.Should().BeGreaterThan(0.9 * 320);
        found.FailedShare.Should().BeLessThan(0.05);
    }

    [Fact]
    public void The_limit_stays_where_too_few_requests_are_in_flight() =>
        KneeService.Steps(knee: 8, step: 5).Serve(2_000, perSecond: 40).Limits.Should().OnlyContain(limit => limit <= 8);
}
