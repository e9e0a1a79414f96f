namespace IssuerEnrichment.Throttling;

/// <summary>A period in which the gate was open, which ended when a request was throttled.</summary>
/// <param name="openedAt">When the gate opened.</param>
/// <param name="rate">The rate limit in requests a second; null if there was none.</param>
/// <param name="wait">How long the gate closed.</param>
/// <param name="sustained">The rate of accepted requests since the previous throttled request.</param>
/// <param name="isLong">Whether the period was longer than the latency.</param>
internal sealed class ThrottledOpening(long openedAt, double? rate, TimeSpan wait, double sustained, bool isLong)
{
    public long OpenedAt => openedAt;

    public double? Rate => rate;

    public TimeSpan Wait { get; set; } = wait;

    public double Sustained => sustained;

    public bool IsLong => isLong;

    /// <summary>The lowest number of other requests in flight with a throttled request; null if they were not counted.</summary>
    public int? OthersInFlight { get; set; }

    /// <summary>Whether the gate has opened again since.</summary>
    public bool HasBegun { get; set; }

    /// <summary>When the first of the throttled requests was sent.</summary>
    public long ThrottledSince { get; set; } = long.MaxValue;
}
