using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>The state of a lookup between its attempts.</summary>
internal sealed class RetryState
{
    private long _answersAtThrottling = -1;
    private long _throttledAtThrottling = -1;

    /// <summary>The number of failed attempts while the service was up, as far as is known.</summary>
    public int Failures { get; private set; }

    /// <summary>The timestamp of the first of these failures.</summary>
    public long FailingSince { get; private set; }

    /// <summary>The time on the wire that does not count towards the timeout, because the service was down.</summary>
    public TimeSpan TimeDown { get; set; }

    /// <summary>The number of failed batch requests while the service was down. Another issuer of the batch may have caused them.</summary>
    public int FailedBatchProbes { get; set; }

    /// <summary>How often in a row the service throttled this issuer, while it answered for others and throttled no other.</summary>
    public int ThrottledAlone { get; private set; }

    /// <summary>The timestamp when the service first said that the answer is not ready.</summary>
    public long? NotReadySince { get; set; }

    /// <summary>
    /// The issuer that the next attempt requests instead, to find out whether the service is up: one that the service has answered for before. Null
    /// for all other attempts.
    /// </summary>
    public string? Canary { get; set; }

    /// <summary>Why the lookup ends without a final outcome; null if it has one.</summary>
    public EnrichmentError? NoVerdict { get; set; }

    /// <summary>The failure of the issuer, if its last attempt requested the canary.</summary>
    public EnrichmentError? Verdict { get; set; }

    /// <summary>Counts a failure.</summary>
    public void CountFailure(long now)
    {
        if (Failures++ == 0)
            FailingSince = now;
    }

    /// <summary>Resets the failures if they belong to an outage, because they say nothing about the issuer.</summary>
    /// <param name="outage">The latest confirmed outage, if there was one.</param>
    /// <returns>Whether there were any.</returns>
    public bool ForgiveOutage(OutageSpan? outage)
    {
        if (Failures == 0 || outage is not { } span || !span.Contains(FailingSince))
            return false;
        Failures = 0;
        return true;
    }

    /// <summary>Resets the failures: the attempts made progress, or the service failed for all issuers.</summary>
    public void Restart() => Failures = 0;

    /// <summary>Counts that the service throttled the issuer.</summary>
    /// <param name="answers">The number of good answers of the service so far.</param>
    /// <param name="throttled">The number of throttled requests so far, including this one.</param>
    public void CountThrottling(long answers, long throttled)
    {
        bool isAlone = answers > _answersAtThrottling && throttled == _throttledAtThrottling + 1;
        ThrottledAlone = isAlone ? ThrottledAlone + 1 : 1;
        _answersAtThrottling = answers;
        _throttledAtThrottling = throttled;
    }
}
