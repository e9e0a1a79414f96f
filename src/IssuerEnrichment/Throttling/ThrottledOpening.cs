namespace IssuerEnrichment.Throttling;

/// <summary>The time for which the gate was open, until a request was throttled.</summary>
/// <param name="openedAt">When it began.</param>
/// <param name="rate">The requests a second that were sent; null where nothing limited them.</param>
/// <param name="wait">The time for which the gate closed.</param>
/// <param name="sustained">The requests a second that were accepted since the throttled request before it.</param>
/// <param name="isLong">Whether it was longer than an answer takes.</param>
internal sealed class ThrottledOpening(long openedAt, double? rate, TimeSpan wait, double sustained, bool isLong)
{
    public long OpenedAt => openedAt;

    public double? Rate => rate;

    public TimeSpan Wait { get; set; } = wait;

    public double Sustained => sustained;

    public bool IsLong => isLong;

    /// <summary>The fewest others in flight beside a throttled request.</summary>
    public int? Beside { get; set; }

    public bool HasBegun { get; set; }

    /// <summary>When the first of the throttled requests was sent.</summary>
    public long RefusedSince { get; set; } = long.MaxValue;
}
