namespace IssuerEnrichment.Throttling;

/// <summary>A quota that a service states. Each part is null if the service did not say.</summary>
/// <param name="Remaining">The number of requests left until the reset.</param>
/// <param name="Reset">The time until the quota is reset, from zero to <see cref="ServiceClock.MaxWait"/>.</param>
/// <param name="Limit">The number of requests allowed in a window.</param>
/// <param name="Window">The length of the window.</param>
internal readonly record struct RateQuota(long? Remaining, TimeSpan? Reset, long? Limit, TimeSpan? Window)
{
    /// <summary>Whether the service stated anything; a window alone limits nothing.</summary>
    public bool IsStated => Remaining is not null || Reset is not null || Limit is not null;

    /// <summary>Returns whether this quota is used up before the other one. A quota that is not stated is never used up.</summary>
    /// <remarks>
    /// The quota with the fewest requests left is used up first; without a number, a quota counts as full. If both have the same number left, the
    /// later reset decides, because both must pass.
    /// </remarks>
    public bool IsTighterThan(RateQuota other)
    {
        if (!IsStated || !other.IsStated)
            return IsStated;

        int order = (Remaining ?? Limit ?? long.MaxValue).CompareTo(other.Remaining ?? other.Limit ?? long.MaxValue);
        return order < 0 || (order == 0 && (Reset ?? TimeSpan.Zero) > (other.Reset ?? TimeSpan.Zero));
    }
}
