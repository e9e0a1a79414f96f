namespace IssuerEnrichment.Gauntlet;

/// <summary>The rows whose service has a limit.</summary>
/// <remarks>The ideal time is what the limit allows, without the latency of the last answer and without the client's cold start.</remarks>
internal sealed class LimitedServices(TimeSpan work, bool isLong)
{
    private static readonly string[] Dialects = ["draft-10", "triple", "x-epoch", "retry-after", "none"];
    private static readonly string[] FixedOrAuto = ["64", "auto"];

    public static IEnumerable<Scenario> Create(TimeSpan work, bool isLong) => new LimitedServices(work, isLong).All();

    private IEnumerable<Scenario> All() =>
    [
        .. Dialects.SelectMany(dialect => ToldAndNot(new LimitedRate(50, Burst: 1) { Dialect = dialect })),
        .. ToldAndNot(new LimitedRate(10, Burst: 1)),
        .. ToldAndNot(new LimitedRate(100, Burst: 1) { Status = 503 }),
        .. ToldAndNot(new LimitedRate(100, Burst: 1) { Status = 503, Dialect = "retry-after" }),
        .. ToldAndNot(new LimitedRate(100, Burst: 20) { Status = 503 }),
        .. ToldAndNot(new LimitedRate(50) { Limiter = "sliding-window", Latency = 500 }),
        .. ToldAndNot(new LimitedRate(100) { Limiter = "fixed-window", Dialect = "triple" }),
        .. ToldAndNot(new LimitedRate(200, Burst: 20) { Dialect = "draft-10" }),
        .. ToldAndNot(new LimitedRate(200, Burst: 20) { Dialect = "retry-after" }),
        .. ToldAndNot(new LimitedRate(200, Burst: 20)),
        OfRate(new LimitedRate(5, Burst: 5) { Latency = 200 }, isTold: false),
        OfRate(new LimitedRate(10, Burst: 10), isTold: false),
        OfRate(new LimitedRate(200, Burst: 20) { Dialect = "retry-after-ms" }, isTold: false),
        OfRate(new LimitedRate(200, Burst: 20) { Dialect = "x-reset-after" }, isTold: false),
        OfRate(new LimitedRate(200, Burst: 20) { Dialect = "retry-after", Twist = "--round-down" }, isTold: false),
        OfRate(new LimitedRate(200, Burst: 20) { Dialect = "triple", Twist = "--none-remaining" }, isTold: false),
        .. FixedAndAuto(5, latency: 50, status: 429),
        .. FixedAndAuto(5, latency: 50, status: 503),
        .. FixedAndAuto(16, latency: 100, status: 429),
        ShortRuns(new LimitedRate(200, Burst: 20)),
    ];

    private IEnumerable<Scenario> ToldAndNot(LimitedRate rate) => [OfRate(rate, isTold: true), OfRate(rate, isTold: false)];

    private Scenario OfRate(LimitedRate rate, bool isTold)
    {
        int ids = rate.Ids(work);

        // A burst absorbs the jitter between sending and arrival, so a client that keeps to the rate is never throttled.
        Target throttled = isTold ? Target.Throttled(rate.HasBurst ? 0 : ids * 2 / 100) : Target.ThrottledLater(Math.Max(12, ids * 8 / 100));
        return new(
            rate.Name,
            isTold ? $"{rate.PerSecond}/1s" : "no",
            rate.Options,
            new RunPlan { Ids = ids, RateLimit = isTold ? $"{rate.PerSecond}/1s" : null, StopAfter = StopAfter },
            work,
            Target.AllEnriched,
            Target.NoOutage,
            Target.Share(LeastShare(rate, isTold, ids)),
            throttled);
    }

    private double LeastShare(LimitedRate rate, bool isTold, int ids) => (isTold, rate.Burst) switch
    {
        (true, 1) when isLong => 0.88,
        (true, _) when isLong => 0.95,
        _ when isLong => 0.90,
        _ when rate.Latency >= 500 || ids < 50 => 0.70,
        (true, 1) => 0.80,
        (true, _) => 0.90,
        (_, 1) when rate.Dialect == "none" => 0.75,
        (_, 1) => 0.65, // Each throttled request costs the second that the service asks for.
        _ => 0.80,
    };

    private IEnumerable<Scenario> FixedAndAuto(int cap, int latency, int status)
    {
        int ids = (int)(work.TotalMilliseconds / latency * cap);
        return FixedOrAuto.Select(concurrency => new Scenario(
            $"at most {cap} in flight, {status}, {latency} ms, {concurrency} at once",
            "-",
            ["--max-concurrent", $"{cap}", "--concurrent-status", $"{status}", "--latency", $"{latency}ms"],
            new RunPlan { Ids = ids, MaxConcurrency = concurrency, StopAfter = StopAfter },
            work,
            Target.AllEnriched,
            Target.NoOutage,
            Target.Share(0.85),
            Target.ThrottledLater(ids * 5 / 100)));
    }

    private Scenario ShortRuns(LimitedRate rate)
    {
        Scenario scenario = OfRate(rate, isTold: false);
        return scenario with
        {
            Name = scenario.Name + ", runs of 3 ids, 20 runs at once",
            Plan = scenario.Plan with { Workers = 20, IdsPerRun = 3 },
        };
    }

    private TimeSpan StopAfter => (4 * work) + TimeSpan.FromSeconds(5);
}
