using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>What the retry remembers of one lookup between its attempts.</summary>
internal sealed class RetryState
{
    private long _answersAtThrottling = -1;
    private long _throttledAtThrottling = -1;

    /// <summary>Attempts that failed while the service was up, as far as is known.</summary>
    public int Failures { get; private set; }

    /// <summary>When the first of them failed, as a timestamp.</summary>
    public long FailingSince { get; private set; }

    /// <summary>The time on the wire that does not count, for the service was down.</summary>
    public TimeSpan TimeDown { get; set; }

    /// <summary>Requests for several issuers that failed while the service was down, any of which may have failed for another's fault.</summary>
    public int FailedBatchProbes { get; set; }

    /// <summary>How often in a row the service throttled this issuer and no other, while it answered for others.</summary>
    public int ThrottledAlone { get; private set; }

    /// <summary>When the service first said that the answer was not ready, as a timestamp.</summary>
    public long? NotReadySince { get; set; }

    /// <summary>
    /// Another issuer that the service has answered for before, asked for by the next attempt in place of this one to tell whether the service is up;
    /// null for all other attempts.
    /// </summary>
    public string? Canary { get; set; }

    /// <summary>Why the lookup ends without a verdict on its issuer; null where it has one.</summary>
    public EnrichmentError? NoVerdict { get; set; }

    /// <summary>How the issuer failed, where its last attempt was not for itself.</summary>
    public EnrichmentError? Verdict { get; set; }

    /// <summary>Counts a failure, which was heard of at this time, a timestamp.</summary>
    public void CountFailure(long now)
    {
        if (Failures++ == 0)
            FailingSince = now;
    }

    /// <summary>Failures that turn out to belong to an outage say nothing about the issuer.</summary>
    /// <param name="outage">The latest confirmed outage, if there was one.</param>
    /// <returns>Whether there were any.</returns>
    public bool ForgiveOutage(OutageSpan? outage)
    {
        if (Failures == 0 || outage is not { } span || !span.Contains(FailingSince))
            return false;
        Failures = 0;
        return true;
    }

    /// <summary>The attempts that failed do not count: they brought the lookup further, or the service failed for all.</summary>
    public void Restart() => Failures = 0;

    /// <summary>Counts that the service throttled the issuer.</summary>
    /// <param name="answers">The good answers of the service so far.</param>
    /// <param name="throttled">How often it has throttled so far, this time included.</param>
    public void CountThrottling(long answers, long throttled)
    {
        bool isAlone = answers > _answersAtThrottling && throttled == _throttledAtThrottling + 1;
        ThrottledAlone = isAlone ? ThrottledAlone + 1 : 1;
        _answersAtThrottling = answers;
        _throttledAtThrottling = throttled;
    }
}
