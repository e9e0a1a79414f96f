namespace IssuerEnrichment.Gate;

/// <summary>A rate that answers told.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Doubt">How far from the truth that may be, as a share of it.</param>
internal readonly record struct FoundRate(double PerSecond, double Doubt)
{
    /// <summary>That of a rate of which no more is known than that it was too high.</summary>
    public const double MostDoubt = 0.5;

    private const double LeastDoubt = 0.005;

    /// <summary>What a rate that is known is used to; the rest is for what is under way, and for clocks.</summary>
    public const double Margin = 0.98;

    // Of those that are under way so many may have been counted, or not.
    private const double CountError = 1.5;

    public FoundRate(RateEvidence.Answered answered, double timeError)
        : this(answered.PerSecond, Math.Clamp(Math.Max(timeError / answered.Seconds, DoubtOf(answered.Good)), LeastDoubt, MostDoubt))
    {
    }

    /// <summary>The doubt of a rate that so many answers told.</summary>
    public static double DoubtOf(long good) => Math.Min(MostDoubt, CountError / good);

    /// <summary>The rate to begin with.</summary>
    public double Careful => Math.Min(Margin, 1 - (Doubt / 2)) * PerSecond;
}
