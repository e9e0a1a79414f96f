namespace IssuerEnrichment.Throttling;

/// <summary>The rate after a throttled request: a pure function of the time for which it has limited requests since then.</summary>
/// <remarks>
/// The rate approaches the target, stays there, and then exceeds it, slowly at first: the concave, flat and convex parts of CUBIC (RFC 9438, section
/// 4.1) around the last loss. Without a target, it doubles, as in slow start.
/// </remarks>
/// <param name="Start">The initial rate in requests a second.</param>
/// <param name="Target">The rate that was found; infinite if there is none.</param>
/// <param name="Doubling">The seconds in which the rate doubles, or in which the distance to the target halves.</param>
/// <param name="Hold">The seconds until the rate exceeds the target.</param>
/// <param name="Growth">The relative growth in the first second after that.</param>
internal readonly record struct RateCurve(double Start, double Target, double Doubling, double Hold, double Growth)
{
    // The minimum rate, because a slower one would look like a standstill; and the multiple of the target beyond which the target is obsolete.
    private const double Slowest = 0.2;
    private const double FarBeyond = 4;

    /// <summary>Returns the rate in requests a second.</summary>
    public double At(double age)
    {
        double beyond = Math.Max(0, age - Hold);
        double rate = double.IsInfinity(Target)
            ? Start * Math.Pow(2, age / Doubling)
            : (Target - ((Target - Start) * Math.Pow(2, -age / Doubling))) * (1 + (Growth * beyond * beyond * beyond));
        return Math.Max(Slowest, rate);
    }

    /// <summary>Returns whether a rate exceeds the target by so much that the limit no longer has an effect.</summary>
    public bool IsFarBehind(double rate) => rate > FarBeyond * Target;

    public static RateCurve Level(double rate) => new(rate, rate, Doubling: 1, Hold: double.PositiveInfinity, Growth: 0);
}
