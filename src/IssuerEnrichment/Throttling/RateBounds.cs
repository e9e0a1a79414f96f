namespace IssuerEnrichment.Throttling;

/// <summary>What the accepted and the refused requests tell of a service's rate, in requests a second.</summary>
/// <param name="Low">The lowest rate of any limiter that explains what was accepted.</param>
/// <param name="High">The highest rate of any limiter that explains what was refused; infinite where none does.</param>
internal readonly record struct RateBounds(double Low, double High)
{
    /// <summary>A burst of so many hides nothing.</summary>
    public const int Few = 3;

    /// <summary>The bounds of the largest bucket that explains everything, or of the window: requests that came together were accepted together.</summary>
    public (double Low, double High) Likely { get; init; } = (Low, High);

    /// <summary>What was accepted from a refusal on, pauses included: no service accepts less in the long run.</summary>
    public double Floor { get; init; }

    /// <summary>The largest burst of a bucket that explains everything; the largest number where none does.</summary>
    public int Burst { get; init; }

    /// <summary>Whether a window of one second explains everything too.</summary>
    public bool IsWindow { get; init; }

    /// <summary>Whether nothing but a bucket of a few explains it, which cannot hide how much it takes behind a burst.</summary>
    public bool IsNarrow => Burst <= Few && !IsWindow;

    /// <summary>Whether any limiter explains it.</summary>
    public bool IsExplained => Burst < int.MaxValue;
}
