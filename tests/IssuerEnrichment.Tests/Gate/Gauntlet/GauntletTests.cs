using CsCheck;

namespace IssuerEnrichment.Tests.Gate.Gauntlet;

/// <summary>Services with limits of many kinds, in virtual time: how much of what they allow is used, and how often they refuse.</summary>
public sealed class GauntletTests
{
    // Several runs of each in the table, for chance decides when what is sent arrives.
    private const int Seeds = 3;

    private static readonly Gen<GauntletCase> Cases =
        from perSecond in Gen.OneOf(5, 10, 20, 50, 100, 200, 500)
        from burst in Bursts(perSecond)
        from kind in Gen.Frequency((4, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(2)))
        from dialect in Gen.Enum<Dialect>()
        from isTold in Gen.Bool
        from latency in Gen.OneOf(0.005, 0.02, 0.1, 0.5, 1)
        from seed in Gen.Int[0, 1_000]
        select new GauntletCase($"{perSecond}/s, burst {burst}", () => kind switch
        {
            0 => new Bucket(perSecond, burst),
            1 => new SlidingLog(perSecond),
            _ => new FixedWindow(perSecond),
        })
        {
            Dialect = dialect,
            IsTold = isTold,
            Latency = latency,
            Seed = seed,
            Requesters = 256,
        };

    public static TheoryData<string> Table => [.. GauntletTable.All().Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Table))]
    public void The_gate_uses_most_of_what_a_service_allows_and_is_throttled_seldom(string name)
    {
        GauntletCase row = GauntletTable.All().Single(one => one.Name == name);
        foreach (int seed in Enumerable.Range(1, Seeds))
        {
            GauntletResult result = GauntletRun.Play(row with { Seed = seed });
            TestContext.Current.TestOutputHelper!.WriteLine($"share {result.Share:0.00}, {result.Late} of {result.Ids} refused later\n{string.Join('\n', result.Changes)}");
            result.Share.Should().BeGreaterThanOrEqualTo(row.LeastShare);
            result.Late.Should().BeLessThanOrEqualTo((int)Math.Max(12, 0.08 * result.Ids));
        }
    }

    [Fact]
    public void The_gate_never_stalls_whatever_limits_the_service() => Cases.Sample(one =>
    {
        GauntletResult result = GauntletRun.Play(one with { Seconds = 20 });
        result.Share.Should().BeGreaterThanOrEqualTo(0.1, "{0}\n{1}", one, string.Join('\n', result.Changes));
        result.Late.Should().BeLessThanOrEqualTo((int)Math.Max(60, 0.4 * result.Ids), "{0}", one);
    }, iter: 300);

    [Fact]
    public void A_long_run_uses_most_of_it_unless_a_burst_of_a_few_forgives_nothing() => Cases
        .Where(one => one.Latency <= 0.1 && one.Create() is { PerSecond: <= 200, Burst: 0 or > 2 })
        .Sample(one =>
        {
            GauntletResult result = GauntletRun.Play(one with { Seconds = 60 });
            result.Share.Should().BeGreaterThanOrEqualTo(0.3, "{0}\n{1}", one, string.Join('\n', result.Changes));
        }, iter: 60);

    [Fact]
    public void A_service_that_never_throttles_is_never_limited()
    {
        GauntletResult result = GauntletRun.Play(new("no limit", () => new InFlightCap(most: 1_000, latency: 1)) { Requesters = 64, Latency = 0.02, Seconds = 2 });

        result.Refused.Should().Be(0);
        result.Changes.Should().BeEmpty();
        result.Elapsed.Should().BeLessThan(1, "32 rounds take 20 ms each");
    }

    // Timers of 1 ms cannot space 2 ms.
    private static Gen<int> Bursts(int perSecond) => perSecond < 500 ? Gen.OneOf(1, 2, 5, 10, 20, 50, 200) : Gen.OneOf(5, 10, 20, 50, 200);
}
