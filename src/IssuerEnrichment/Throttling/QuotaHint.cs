namespace IssuerEnrichment.Throttling;

/// <summary>The remaining quota that a service states in its good answers, and whether it can be trusted. Not thread-safe.</summary>
/// <remarks>
/// Some services send <c>Remaining: 0</c> with every answer, and a bucket of one is empty after each request. Zero is therefore trusted only once the
/// remainder was seen to count down. It is no longer trusted once two answers before the same reset state it, because then more was available.
/// </remarks>
internal sealed class QuotaHint
{
    private State _state;
    private long _resetAt;

    private enum State
    {
        Unseen,
        CountedDown,
        Disbelieved,
    }

    public bool IsDisbelieved => _state == State.Disbelieved;

    /// <summary>The rate that the service states, in requests a second; null if it does not state the length of its window.</summary>
    public double? PerSecond { get; private set; }

    /// <summary>Processes an answer. Returns how long nothing will be accepted; null if this is unknown.</summary>
    public TimeSpan? Heed(RateHint? hint, long now)
    {
        if (hint is not { Quota: var quota })
            return null;
        if (quota is { Limit: { } limit, Window: { TotalSeconds: > 0 and var seconds } })
            PerSecond = limit / seconds;
        if (IsDisbelieved || quota.Remaining is not { } remaining)
            return null;
        if (remaining > 0)
        {
            _state = State.CountedDown;
            return null;
        }

        if (_state != State.CountedDown || hint.HoldBack(refused: false) is not { Ticks: > 0 } wait)
            return null;
        if (now < _resetAt)
            _state = State.Disbelieved;
        _resetAt = now + wait.Ticks;
        return IsDisbelieved ? null : wait;
    }
}
