namespace IssuerEnrichment.Gauntlet;

/// <summary>A service with a rate limit: a token bucket, or a window where there is no burst of its own.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Burst">Requests at once after a rest.</param>
internal sealed record LimitedRate(int PerSecond, int Burst)
{
    public LimitedRate(int perSecond)
        : this(perSecond, perSecond)
    {
    }

    public string Limiter { get; init; } = "bucket";

    public string Dialect { get; init; } = "none";

    public int Status { get; init; } = 429;

    /// <summary>In milliseconds.</summary>
    public int Latency { get; init; } = 20;

    /// <summary>An option of the service besides.</summary>
    public string? Twist { get; init; }

    public string Name =>
        $"{Limiter} {PerSecond}/s{(IsBucket ? $", burst {Burst}" : "")}, {Status} {Dialect}"
        + $"{Twist?.Replace("--", ", ", StringComparison.Ordinal)}, {Latency} ms";

    public string[] Options =>
    [
        "--limiter", Limiter, "--rate", $"{PerSecond}/1s", "--burst", $"{Burst}", "--rate-status", $"{Status}", "--dialect", Dialect,
        "--latency", $"{Latency}ms", .. Twist is null ? Array.Empty<string>() : [Twist],
    ];

    public bool HasBurst => IsBucket && Burst > 1;

    private bool IsBucket => Limiter == "bucket";

    /// <summary>As many as the limit allows in that time, a bucket's first burst besides.</summary>
    public int Ids(TimeSpan work) => (int)(PerSecond * work.TotalSeconds) + (IsBucket ? Burst : 0);
}
