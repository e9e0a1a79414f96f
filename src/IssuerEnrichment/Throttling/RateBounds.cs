namespace IssuerEnrichment.Throttling;

/// <summary>The bounds of a service's rate in requests a second, from the requests that it accepted and throttled.</summary>
/// <param name="Low">The lowest rate of any limiter that explains the accepted requests.</param>
/// <param name="High">The highest rate of any limiter that explains the throttled requests; infinite if there is none.</param>
internal readonly record struct RateBounds(double Low, double High)
{
    /// <summary>A burst up to this size is too small to hide the rate.</summary>
    public const int Few = 3;

    /// <summary>The bounds for the most likely limiter: the window, or the largest bucket that explains everything.</summary>
    public (double Low, double High) Likely { get; init; } = (Low, High);

    /// <summary>The rate of requests accepted since a throttled one, including pauses. The rate in the long run is at least this high.</summary>
    public double Floor { get; init; }

    /// <summary>The largest burst of a bucket that explains everything; the maximum value if there is none.</summary>
    public int Burst { get; init; }

    /// <summary>Whether a window of one second explains everything, too.</summary>
    public bool IsWindow { get; init; }

    /// <summary>Whether only a bucket with a small burst explains it, which throttles requests that are too close together.</summary>
    public bool IsNarrow => Burst <= Few && !IsWindow;

    /// <summary>Whether any limiter explains it.</summary>
    public bool IsExplained => Burst < int.MaxValue;
}
