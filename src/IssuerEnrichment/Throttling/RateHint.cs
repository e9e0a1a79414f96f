namespace IssuerEnrichment.Throttling;

/// <summary>What one answer of a service says about its limits.</summary>
/// <param name="RetryAfter">The wait asked for with <c>Retry-After</c> or its like, from zero to <see cref="ServiceClock.MaxWait"/>.</param>
/// <param name="Quota">The quota that binds first.</param>
internal sealed record RateHint(TimeSpan? RetryAfter, RateQuota Quota)
{
    /// <summary>How long the service wants no request, or null if it did not say.</summary>
    /// <param name="refused">Whether the answer was a refusal (429 or 503).</param>
    /// <remarks>
    /// <c>Retry-After</c> wins over the quota (draft-ietf-httpapi-ratelimit-headers-11, section 7). On an answer that is no
    /// refusal it binds only once nothing remains: some services send it with every answer (lemlist), and RFC 9110,
    /// section 10.2.3, gives it no meaning there.
    /// </remarks>
    public TimeSpan? HoldBack(bool refused) => refused || Quota.Remaining is 0 ? RetryAfter ?? QuotaReset : null;

    // Throttled although requests remain: the request met another limit than this quota, whose reset may be an hour away.
    private TimeSpan? QuotaReset => Quota.Remaining > 0 && Quota.Reset > ServiceClock.MaxDoubtfulWait ? ServiceClock.MaxDoubtfulWait : Quota.Reset;
}
