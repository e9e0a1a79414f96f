namespace IssuerEnrichment.Throttling;

/// <summary>Tells a service that is down, or denies everybody, from issuers that are bad, as a pure matter of answers. Not thread-safe.</summary>
/// <remarks>
/// The evidence is a row of different issuers that fail while none is answered. One good answer to a request sent after the first of them withdraws it;
/// answers that were under way then do not. What it withdrew was no outage, or is over: from then on it takes a row twice as long, which good answers shorten again. So a list with many bad issuers raises few alarms.
/// </remarks>
internal sealed class OutageWatch
{
    // Some services deny single issuers. Where they deny every second one, this many in a row come once in 65,000.
    private const int DenialsInARow = 16;

    private const int LongestRow = 1_000;

    // By how much each good answer shortens the row. Of issuers that are bad every second time, five come in a row among 32 of them.
    private const double Recovery = 1.0 / 16;

    private readonly int _least;
    private int _denials;
    private double _needed;

    /// <param name="failuresInARow">How many failures make a row.</param>
    public OutageWatch(int failuresInARow) => _needed = _least = failuresInARow;

    /// <summary>Whether the last answers give no reason for doubt.</summary>
    public bool IsClear => Failures == 0 && _denials == 0 && _needed == _least;

    /// <summary>Issuers that failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>What failed last.</summary>
    public EnrichmentError? Cause { get; private set; }

    /// <summary>Whether none of the failures in the row reached anybody.</summary>
    public bool IsUnreachable { get; private set; }

    /// <summary>When the first failure of the row was heard of, as a timestamp; null where there is none.</summary>
    public long? Since { get; private set; }

    /// <summary>A request failed. True once that is evidence of an outage.</summary>
    /// <param name="signal">What failed.</param>
    /// <param name="now">The time, as a timestamp.</param>
    public bool Fail(in GateSignal signal, long now)
    {
        Since ??= now;
        IsUnreachable = signal.IsUnreachable && (IsUnreachable || Failures == 0);
        Cause = signal.Error;
        if (signal.IsFirstAttempt)
            Failures++;
        return signal.IsCanary || Failures >= _needed;
    }

    /// <summary>A request was denied. True once that is the rule.</summary>
    /// <param name="signal">What was denied.</param>
    /// <param name="now">The time, as a timestamp.</param>
    public bool Deny(in GateSignal signal, long now)
    {
        Since ??= now;
        Cause = signal.Error;
        if (signal.IsFirstAttempt)
            _denials++;
        return signal.IsCanary || _denials >= DenialsInARow;
    }

    /// <summary>A request was answered.</summary>
    /// <param name="sentAt">When it was sent, as a timestamp.</param>
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
