using static IssuerEnrichment.Gauntlet.RunPlan;

namespace IssuerEnrichment.Gauntlet;

/// <summary>The rows whose service, or some of its issuers, fail or are slow.</summary>
internal static class FaultyServices
{
    public static IEnumerable<Scenario> All =>
    [
        Create(
            "24 ids always 500, then 1,000 healthy, 8 at once, 20 ms",
            ["--failing-ids", ChosenPrefix],
            Plan(1_024, "8", seconds: 60) with { Chosen = 24 },
            Target.ExactlyFailed(24),
            Target.Seconds(30)),
        Create(
            "5 % of ids hang, 16 at once, 3 attempts of 1 s, 20 ms",
            ["--hanging-ids", ChosenPrefix],
            Plan(1_000, "16", seconds: 60) with { Chosen = 50, ChosenEvery = 20, AttemptTimeout = TimeSpan.FromSeconds(1), MaxAttempts = 3 },
            Target.ExactlyFailed(50),
            Target.Seconds(20)),
        Create(
            "503 for 5 s, 32 at once, 20 ms",
            ["--outage-for", "5s", "--outage-after", "300"],
            Plan(3_000, "32", seconds: 30),
            Target.AllEnriched,
            Target.RequestsPerId(1.1)),
        Create(
            "503 for 45 s, 8 at once, 20 ms",
            ["--outage-for", "45s", "--outage-after", "20"],
            Plan(200, "8", seconds: 90),
            Target.AllEnriched),
        Create(
            "5 % of requests 503, 32 at once, 20 ms",
            ["--p503", "0.05"],
            Plan(2_000, "32", seconds: 60),
            Target.AllEnriched,
            Target.NoOutage,
            Target.RequestsPerId(1.25)),
        Create(
            "everything 500, deadline 15 s, 16 at once, 20 ms",
            ["--p500", "1"],
            Plan(2_000, "16", seconds: 60) with { Deadline = TimeSpan.FromSeconds(15) },
            Target.RequestsPerId(0.4),
            Target.Seconds(17)),
        Create(
            "5 % of ids always 500, 16 at once, 20 ms",
            ["--failing-ids", ChosenPrefix],
            Plan(2_000, "16", seconds: 60) with { Chosen = 100, ChosenEvery = 20 },
            Target.ExactlyFailed(100)),
        Create(
            "1 % of requests hang, 1 % drip, 64 at once, 20 ms",
            ["--hang", "0.01", "--drip", "0.01"],
            Plan(2_000, "64", seconds: 60),
            Target.AllEnriched,
            Target.TailSeconds(1.5)),
        Create(
            "one id in 33 takes 3 s, others 10 ms, 8 at once",
            ["--latency", "10ms", "--slow-ids", ChosenPrefix, "--slow-latency", "3s"],
            Plan(1_000, "8", seconds: 60) with { Chosen = 31, ChosenEvery = 33 },
            Target.AllEnriched,
            Target.NoOutage,
            Target.Seconds(15)),
    ];

    private static Scenario Create(string name, string[] service, RunPlan plan, params Target[] targets) =>
        new(name, "-", service.Contains("--latency") ? service : ["--latency", "20ms", .. service], plan, Ideal: null, targets);

    private static RunPlan Plan(int ids, string atOnce, int seconds) =>
        new() { Ids = ids, MaxConcurrency = atOnce, StopAfter = TimeSpan.FromSeconds(seconds) };
}
