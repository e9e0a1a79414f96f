using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Gate;

/// <summary>When the gate of a service is closed and how it opens, as a pure matter of time and answers. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="options">How long it stays closed.</param>
/// <param name="random">Chance, from 0 to 1.</param>
/// <param name="isPaced">Whether requests leave it at a pace that they are to keep on their way.</param>
internal sealed class GatePolicy(GateOptions options, Func<double> random, bool isPaced = false)
{
    private const int Unlimited = int.MaxValue;

    // What a small service takes at once. The first requests of a process are slow to leave it, for code is compiled and connections are made. However
    // well they are paced, they arrive in one heap; so no more than this set out before the first answer is here. A service that is well and only wanted
    // a slower pace, which it has now, gets as many after its probe.
    private const int SmallWindow = 8;

    // After so many good answers in a row there is nothing left to be careful about.
    private const int EndOfRamp = 256;

    private long _epoch;
    private readonly bool _isPaced = isPaced;
    private bool _isCold = isPaced;
    private int _window = isPaced ? SmallWindow : Unlimited;
    private int _inFlight;
    private int _closings;
    private long _opensAt;
    private long? _closedSince;
    private long _longestHint;

    // A service that nobody has reached yet may be starting; longer than this, its address is wrong.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    public LearnedRate Rate { get; } = new();

    /// <summary>Tells an outage from bad issuers.</summary>
    public OutageWatch Outage { get; } = new(options.FailuresInARow);

    /// <summary>Why nobody is to ask any more: the service denies everybody; null otherwise.</summary>
    public EnrichmentError? Denial { get; private set; }

    /// <summary>When the last outage began that a probe has confirmed, as a timestamp; null where there was none.</summary>
    public long? ConfirmedOutage { get; private set; }

    /// <summary>How many requests at once the service bears; null where the caller says how many there are.</summary>
    public LearnedConcurrency? Concurrency { get; private set; }

    public long Epoch => _epoch;

    /// <summary>Whether nothing holds requests back, but for their number.</summary>
    public bool IsOpen => _window == Unlimited && Rate.IsUnlimited;

    /// <summary>Whether nothing but their number holds requests back.</summary>
    public bool IsFull => IsOpen && _inFlight >= MostInFlight;

    /// <summary>Whether the last answers give no reason for doubt.</summary>
    public bool IsWell => Outage.IsClear;

    /// <summary>Whether it is closed because the service is down, rather than because it asked for a slower pace.</summary>
    public bool IsOutage { get; private set; }

    /// <summary>The earliest time at which it can open.</summary>
    public long OpensAt => _opensAt;

    /// <summary>When waiting loses its point; null while the service answers.</summary>
    public long? PatienceEndsAt => _closedSince + Patience.Ticks + _longestHint;

    /// <summary>How long to wait for a service that is down.</summary>
    public TimeSpan Patience => Outage.IsUnreachable && Rate.Good == 0 && options.Patience > StartPatience ? StartPatience : options.Patience;

    /// <summary>The next time at which <see cref="TryAdmit"/> may change its mind by itself; null where it takes an answer.</summary>
    public long? NextChange(long now) =>
        now < _opensAt ? _opensAt
        : _inFlight < MostInFlight ? Math.Max(Rate.NextSlot, now)
        : null;

    public bool TryAdmit(long now, [NotNullWhen(true)] out GatePass? pass)
    {
        pass = null;
        if (now < _opensAt || _inFlight >= MostInFlight || Denial is not null)
            return false;
        if (now < Rate.NextSlot)
        {
            Rate.HoldBack();
            return false;
        }

        pass = new GatePass(_epoch, isProbe: _window == 1 && _closedSince is not null);
        _inFlight++;
        Rate.Take(now);
        if (!_isPaced)
            Send(pass, now);
        return true;
    }

    /// <summary>Its request is sent: at once, or when it has waited for the pace.</summary>
    public void Send(GatePass pass, long now)
    {
        if (pass.Epoch == _epoch)
            Concurrency?.Begin(pass, now);
    }

    /// <summary>Finds out how many requests at once the service bears, up to a number; with null, lets as many pass as come.</summary>
    public void FindConcurrency(int? most)
    {
        if (most == Concurrency?.Most)
            return;
        Concurrency = most is { } limit ? new LearnedConcurrency(limit) : null;

        // Those under way have not been counted.
        _epoch++;
        _inFlight = 0;
    }

    /// <summary>Learns from what came of a request.</summary>
    /// <param name="pass">Its pass.</param>
    /// <param name="signal">What came of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="timestamp">The same, on the clock of <see cref="GateSignal.SentAt"/>.</param>
    public void Learn(GatePass pass, in GateSignal signal, long now, long timestamp = 0)
    {
        bool isCurrent = pass.Epoch == _epoch;
        if (isCurrent)
            _inFlight--;
        Concurrency?.End(pass, signal.Meaning, now);
        TimeSpan? hint = signal.Hint?.HoldBack(signal.Meaning == AnswerMeaning.Throttled);
        switch (signal.Meaning)
        {
            case AnswerMeaning.Good when isCurrent:
                Reopen(now, signal.SentAt);
                if (signal.Hint is { Quota: var quota })
                    Rate.Heed(quota, now);
                Rate.Remember(now);
                if (hint > TimeSpan.Zero)
                {
                    // Nothing is left: the next request would have been refused.
                    Rate.Refuse(now);
                    Close(now, hint, hint.Value, isOutage: false);
                }

                break;
            case AnswerMeaning.Good:
                Rate.HearLate(now);
                break;
            case AnswerMeaning.Throttled when isCurrent:
                Rate.Refuse(now);
                Close(now, hint, options.RefusalDelay * Math.Pow(2, Math.Min(_closings, 16)), isOutage: false);
                break;
            case AnswerMeaning.Throttled when hint is { } longer:
                // Sent before the gate closed: the same refusal, which can only make the wait longer.
                _opensAt = Math.Max(_opensAt, now + Cap(longer));
                break;
            case AnswerMeaning.Denied when isCurrent && Outage.Deny(signal, timestamp):
                Denial = signal.Error;
                break;
            case AnswerMeaning.Broken or AnswerMeaning.Overloaded when isCurrent && (Outage.Fail(signal, timestamp) || pass.IsProbe):
                if (IsOutage && pass.IsProbe)
                    ConfirmedOutage = Outage.Since;
                TimeSpan delay = options.ProbeDelay * Math.Pow(1.25, Math.Min(_closings, 64));
                Close(now, hint: null, delay < options.MaxProbeDelay ? delay : options.MaxProbeDelay, isOutage: true);
                break;
            case AnswerMeaning.Broken or AnswerMeaning.Overloaded or AnswerMeaning.Denied or AnswerMeaning.Impatience when isCurrent:
                // It follows one issuer, and the service is no busier for it.
                Widen();
                break;
        }
    }

    private void Widen() => _window = _window < EndOfRamp && !_isCold ? _window + 1 : Unlimited;

    private void Reopen(long now, long sentAt)
    {
        bool isRefuted = IsOutage && ConfirmedOutage != Outage.Since;
        Outage.Answer(sentAt);
        _closings = 0;
        _closedSince = null;
        _longestHint = 0;
        if (_window == 1)
            _window = SmallWindow;
        // The first probe refuted it: nothing was wrong with the service.
        if (isRefuted)
            _window = Unlimited;
        IsOutage = false;
        Widen();
        _isCold = false;
        Rate.SettleRefusal(now);
        Rate.Grow(now);
    }

    /// <summary>Somebody comes who has not waited yet.</summary>
    public void RestartPatience(long now)
    {
        Denial = null;
        if (_closedSince is not null)
            _closedSince = now;
    }

    // Only ever later: what is drawn comes on top, so that several processes do not come back as one.
    private void Close(long now, TimeSpan? hint, TimeSpan otherwise, bool isOutage)
    {
        long wait = hint is { } asked ? Cap(asked) : otherwise.Ticks;
        if (hint is not null)
            _longestHint = Math.Max(_longestHint, wait);
        _opensAt = Math.Max(_opensAt, now + wait + (long)(wait * 0.1 * random()));
        _closedSince ??= now;
        _closings++;
        _epoch++;
        _inFlight = 0;
        _isCold = false;
        _window = 1;
        IsOutage = isOutage;
        Concurrency?.Retreat();
    }

    private int MostInFlight => Math.Min(_window, Concurrency?.Limit ?? Unlimited);

    private long Cap(TimeSpan hint) => Math.Min(hint.Ticks, options.MaxRetryAfter.Ticks);
}
