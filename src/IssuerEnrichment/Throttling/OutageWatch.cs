namespace IssuerEnrichment.Throttling;

/// <summary>Distinguishes a service that is down, or denies all access, from bad issuers. It considers answers only. Not thread-safe.</summary>
/// <remarks>
/// The evidence of an outage is that different issuers fail in a row without a good answer. A good answer to a request sent after the first failure
/// ends the row; answers to requests sent before do not. If the row had been taken for an outage, the outage was a false alarm or is over. From then
/// on, it takes a row twice as long, which good answers shorten again. A list with many bad issuers therefore causes few false alarms.
/// </remarks>
internal sealed class OutageWatch
{
    // Some services deny access to single issuers. If they deny every second one, this many in a row occur once in 65,000.
    private const int DenialsInARow = 16;

    private const int LongestRow = 1_000;

    // How much each good answer shortens the row. If every second issuer is bad, five in a row occur once among 32.
    private const double Recovery = 1.0 / 16;

    private readonly int _least;
    private int _denials;
    private double _needed;

    /// <param name="failuresInARow">The number of failures in a row that count as an outage.</param>
    public OutageWatch(int failuresInARow) => _needed = _least = failuresInARow;

    /// <summary>Whether there is no evidence of an outage.</summary>
    public bool IsClear => Failures == 0 && _denials == 0 && _needed == _least;

    /// <summary>The number of issuers that failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>The last failure.</summary>
    public EnrichmentError? Cause { get; private set; }

    /// <summary>Whether the service could not be reached in any of the failures.</summary>
    public bool IsUnreachable { get; private set; }

    /// <summary>The timestamp of the first failure in the row; null if there is none.</summary>
    public long? Since { get; private set; }

    /// <summary>Counts a failed request. Returns true if this is evidence of an outage.</summary>
    /// <param name="signal">The failure.</param>
    /// <param name="now">The current timestamp.</param>
    public bool Fail(in GateSignal signal, long now)
    {
        Since ??= now;
        IsUnreachable = signal.IsUnreachable && (IsUnreachable || Failures == 0);
        Cause = signal.Error;
        if (signal.IsFirstAttempt)
            Failures++;
        return signal.IsCanary || Failures >= _needed;
    }

    /// <summary>Counts a request with denied access. Returns true if the service denies all access.</summary>
    /// <param name="signal">The failure.</param>
    /// <param name="now">The current timestamp.</param>
    public bool Deny(in GateSignal signal, long now)
    {
        Since ??= now;
        Cause = signal.Error;
        if (signal.IsFirstAttempt)
            _denials++;
        return signal.IsCanary || _denials >= DenialsInARow;
    }

    /// <summary>Notes a good answer.</summary>
    /// <param name="sentAt">The timestamp when its request was sent.</param>
    public void Answer(long sentAt)
    {
        if (sentAt < Since)
            return;
        Since = null;
        _needed = Failures >= _needed ? Math.Min(2 * Failures, LongestRow) : Math.Max(_least, _needed - Recovery);
        Failures = 0;
        _denials = 0;
    }
}
