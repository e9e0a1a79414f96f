namespace IssuerEnrichment.Throttling;

/// <summary>What one response says about the service's limits.</summary>
/// <param name="RetryAfter">The wait from <c>Retry-After</c> or a similar header, from zero to <see cref="ServiceClock.MaxWait"/>.</param>
/// <param name="Quota">The quota that is used up first.</param>
internal sealed record RateHint(TimeSpan? RetryAfter, RateQuota Quota)
{
    /// <summary>Returns how long the service asks to send no requests; null if it did not say.</summary>
    /// <param name="refused">Whether the request was throttled (429 or 503).</param>
    /// <remarks>
    /// <c>Retry-After</c> takes precedence over the quota (draft-ietf-httpapi-ratelimit-headers-11, section 7). If the request was not throttled, it
    /// applies only once nothing remains: some services send it with every response (lemlist), and RFC 9110, section 10.2.3, gives it no meaning
    /// there.
    /// </remarks>
    public TimeSpan? HoldBack(bool refused) => refused || Quota.Remaining is 0 ? RetryAfter ?? QuotaReset : null;

    // Throttled although requests remain: another limit applied than this quota, whose reset may be an hour away.
    private TimeSpan? QuotaReset => Quota.Remaining > 0 && Quota.Reset > ServiceClock.MaxDoubtfulWait ? ServiceClock.MaxDoubtfulWait : Quota.Reset;
}
