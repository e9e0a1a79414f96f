using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Gate.Gauntlet;

/// <summary>How a service tells its limit.</summary>
internal enum Dialect
{
    /// <summary>429 without a header.</summary>
    Bare,

    /// <summary>503 without a header, as nginx's <c>limit_req</c> does.</summary>
    Unavailable,

    /// <summary><c>Retry-After</c> in whole seconds, rounded up.</summary>
    RetryAfter,

    /// <summary><c>Retry-After</c> as a date, which has no fraction.</summary>
    RetryAfterDate,

    /// <summary>Quota, window, remainder and reset on every answer (draft 10).</summary>
    Draft10,

    /// <summary>Limit, remainder and reset on every answer.</summary>
    Triple,

    /// <summary>The same, the reset as an instant without a fraction, rounded down.</summary>
    Epoch,
}

/// <summary>A service and a client.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Create">Makes the limiter.</param>
internal sealed record GauntletCase(string Name, Func<Limiter> Create)
{
    public Dialect Dialect { get; init; }

    /// <summary>Whether the client was told the rate.</summary>
    public bool IsTold { get; init; }

    /// <summary>Whether the client finds out how many requests at once are best.</summary>
    public bool IsAuto { get; init; }

    /// <summary>The time of an answer, in seconds.</summary>
    public double Latency { get; init; } = 0.02;

    /// <summary>The work, as seconds of the allowed rate.</summary>
    public double Seconds { get; init; } = 6;

    /// <summary>The ids that are asked for at once.</summary>
    public int Requesters { get; init; } = 64;

    /// <summary>The most that a request is early or late on its way, in seconds; one in a hundred is 5 to 20 ms late.</summary>
    public double Jitter { get; init; } = 0.0005;

    public double SpikeShare { get; init; } = 0.002;

    /// <summary>Until when requests leave in a heap, since code is compiled and connections are made.</summary>
    public double ColdUntil { get; init; } = 0.1;

    public int Seed { get; init; } = 1;

    /// <summary>The share that it must reach.</summary>
    public double LeastShare { get; init; }

    public override string ToString() =>
        $"{Name}, {Dialect}, {Latency * 1_000} ms, {(IsTold ? "told" : IsAuto ? "auto" : "untold")}, seed {Seed}";

    public RateHint? Say(Limiter limiter, Limiter.Decision decision, double now)
    {
        TimeSpan whole = TimeSpan.FromSeconds(Math.Ceiling(decision.Reset));
        RateQuota quota = new(decision.Remaining, whole, (int)Math.Round(limiter.PerSecond * limiter.Window), null);
        return Dialect switch
        {
            Dialect.RetryAfter when !decision.IsAccepted => new RateHint(whole, default),
            Dialect.RetryAfterDate when !decision.IsAccepted => new RateHint(TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling(now + decision.Reset) - Math.Floor(now))), default),
            Dialect.Draft10 => new RateHint(null, quota with { Window = TimeSpan.FromSeconds(limiter.Window) }),
            Dialect.Triple => new RateHint(null, quota),
            Dialect.Epoch => new RateHint(null, quota with { Reset = TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling(now + decision.Reset) - Math.Floor(now))) }),
            _ => null,
        };
    }
}

/// <summary>What came of it.</summary>
/// <param name="Ids">The ids that were asked for.</param>
/// <param name="Share">The ideal time over the time taken.</param>
/// <param name="Refused">All refusals.</param>
/// <param name="Late">Those of requests that were sent after the first refusal was known.</param>
/// <param name="Elapsed">The time taken, in seconds.</param>
/// <param name="Changes">What the controller decided, and when.</param>
internal sealed record GauntletResult(int Ids, double Share, int Refused, int Late, double Elapsed, IReadOnlyList<string> Changes);
