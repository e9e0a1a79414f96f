namespace IssuerEnrichment.Throttling;

/// <summary>What a service says with its good answers about what remains, and whether that is worth believing. Not thread-safe.</summary>
/// <remarks>
/// Some services send <c>Remaining: 0</c> with every answer, and a bucket of one has nothing left after each. So zero counts only once the remainder was
/// seen to count down, and no longer once two answers before one reset say it: then there is more all the time.
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

    /// <summary>The requests a second that the service states, where it says the length of its window; null where it does not.</summary>
    public double? PerSecond { get; private set; }

    /// <summary>An answer says what remains. Gives how long nothing will be accepted; null where that does not follow.</summary>
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
