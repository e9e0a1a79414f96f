namespace IssuerEnrichment.Throttling;

/// <summary>How much a service still allows; each part is null where the service did not say.</summary>
/// <param name="Remaining">Requests left until the reset.</param>
/// <param name="Reset">Time until there is more, from zero to <see cref="ServiceClock.MaxWait"/>.</param>
/// <param name="Limit">Requests allowed in a window.</param>
/// <param name="Window">Length of that window.</param>
internal readonly record struct RateQuota(long? Remaining, TimeSpan? Reset, long? Limit, TimeSpan? Window)
{
    /// <summary>Whether the service said anything; a window alone limits nothing.</summary>
    public bool IsStated => Remaining is not null || Reset is not null || Limit is not null;

    /// <summary>Whether a client that keeps to both quotas meets this one first. One that is not stated is never met.</summary>
    /// <remarks>
    /// The one with the fewest requests left is met first; a quota that does not say how many is taken as full. Of two with equally
    /// many the later reset counts, since both have to pass.
    /// </remarks>
    public bool IsTighterThan(RateQuota other)
    {
        if (!IsStated || !other.IsStated)
            return IsStated;

        int order = (Remaining ?? Limit ?? long.MaxValue).CompareTo(other.Remaining ?? other.Limit ?? long.MaxValue);
        return order < 0 || (order == 0 && (Reset ?? TimeSpan.Zero) > (other.Reset ?? TimeSpan.Zero));
    }
}
