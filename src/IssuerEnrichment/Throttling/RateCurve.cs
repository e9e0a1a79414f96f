namespace IssuerEnrichment.Throttling;

/// <summary>How the rate goes on after a refusal: a pure function of the time for which it has held requests back since then.</summary>
/// <remarks>
/// It nears the rate that was found, stays there, and then tries what is beyond, slowly at first: the concave, flat and convex parts of CUBIC
/// (RFC 9438, section 4.1) around the last loss. As long as nothing was found it doubles, as slow start does.
/// </remarks>
/// <param name="Start">Requests a second at the beginning.</param>
/// <param name="Target">The rate that was found; infinite where none was.</param>
/// <param name="Doubling">The seconds in which it doubles, or in which the distance to the target halves.</param>
/// <param name="Hold">The seconds until it goes beyond the target.</param>
/// <param name="Growth">The growth of the first second beyond, as a share.</param>
internal readonly record struct RateCurve(double Start, double Target, double Doubling, double Hold, double Growth)
{
    // Slower would look like a standstill to whoever waits; what was found is history at so many times its rate.
    private const double Slowest = 0.2;
    private const double FarBeyond = 4;

    /// <summary>The requests a second.</summary>
    public double At(double age)
    {
        double beyond = Math.Max(0, age - Hold);
        double rate = double.IsInfinity(Target)
            ? Start * Math.Pow(2, age / Doubling)
            : (Target - ((Target - Start) * Math.Pow(2, -age / Doubling))) * (1 + (Growth * beyond * beyond * beyond));
        return Math.Max(Slowest, rate);
    }

    /// <summary>Whether a rate is so far beyond what was found that this limits nothing any more.</summary>
    public bool IsFarBehind(double rate) => rate > FarBeyond * Target;

    public static RateCurve Level(double rate) => new(rate, rate, Doubling: 1, Hold: double.PositiveInfinity, Growth: 0);
}
