using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Gate;

/// <summary>When the gate of a service is closed and how it opens, as a pure matter of time and answers. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="options">How long it stays closed.</param>
/// <param name="random">Chance, from 0 to 1.</param>
/// <param name="isPaced">Whether requests leave it at a pace that they are to keep on their way.</param>
/// <param name="told">The requests a second that the user said the service allows; null where that is not known.</param>
internal sealed class GatePolicy(GateOptions options, Func<double> random, bool isPaced = false, double? told = null)
{
    private const int Unlimited = int.MaxValue;

    // After so many good answers in a row there is nothing left to be careful about.
    private const int EndOfRamp = 256;

    // After an outage so many go after the probe.
    private const int SmallWindow = 8;

    private readonly bool _isPaced = isPaced;
    private readonly RateLimiterModel _limiter = new(told);
    private bool _isCold = isPaced;
    private long _coldUntil = -1;
    private int _window = Unlimited;
    private int _inFlight;
    private int _closings;
    private long _opensAt;
    private long? _closedSince;
    private long _longestHint;
    private long _epoch;

    // A service that nobody has reached yet may be starting; longer than this, its address is wrong.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    /// <summary>Tells an outage from bad issuers.</summary>
    public OutageWatch Outage { get; } = new(options.FailuresInARow);

    /// <summary>Why nobody is to ask any more: the service denies everybody; null otherwise.</summary>
    public EnrichmentError? Denial { get; private set; }

    /// <summary>The last outage that a probe has confirmed; null where there was none.</summary>
    public OutageSpan? ConfirmedOutage { get; private set; }

    /// <summary>How many requests at once the service bears; null where the caller says how many there are.</summary>
    public LearnedConcurrency? Concurrency { get; private set; }

    public Action<GateChange>? OnChange { get; init; }

    public long Epoch => _epoch;

    public long Good => _limiter.Good;

    public double? PerSecond => _limiter.Rate.PerSecond;

    /// <summary>Whether nothing holds requests back, but for their number.</summary>
    public bool IsOpen => _window == Unlimited && !_isCold && _closedSince is null && _limiter.IsFree;

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
    public TimeSpan Patience => Outage.IsUnreachable && Good == 0 && options.Patience > StartPatience ? StartPatience : options.Patience;

    /// <summary>The next time at which <see cref="TryAdmit"/> may change its mind by itself; null where it takes an answer.</summary>
    public long? NextChange(long now) =>
        now < _opensAt ? _opensAt
        : _inFlight < MostInFlight ? Math.Max(_limiter.Rate.NextSlot, now)
        : _isCold && now < _coldUntil ? _coldUntil
        : null;

    public bool CountGood() => _limiter.CountGood();

    public bool TryAdmit(long now, [NotNullWhen(true)] out GatePass? pass)
    {
        pass = null;
        if (_isCold && _inFlight > 0 && now >= _coldUntil)
            _isCold = false;
        if (now < _opensAt || Denial is not null)
            return false;
        if (_window != 1 && _limiter.Begin(now) is { } change)
            OnChange?.Invoke(change);
        if (_inFlight >= MostInFlight)
        {
            _limiter.Cap.HoldBack(_inFlight);
            return false;
        }

        if (now < _limiter.Rate.NextSlot)
        {
            _limiter.Rate.HoldBack();
            return false;
        }

        if (_isCold && _coldUntil < 0)
            _coldUntil = now + (TimeSpan.TicksPerSecond / 4);
        else
            _isCold = false;
        pass = new GatePass(_epoch, isProbe: _window == 1 && _closedSince is not null) { Beside = _inFlight };
        _inFlight++;
        _limiter.Rate.Take(now);
        if (!_isPaced)
            Send(pass, now);
        return true;
    }

    /// <summary>Its request is sent: at once, or when it has waited for the pace.</summary>
    public void Send(GatePass pass, long now)
    {
        pass.SentAt = now;
        if (pass.Epoch == _epoch)
            Concurrency?.Begin(pass, now);
    }

    /// <summary>Finds out how many requests at once the service bears, up to a number; with null, goes by what is known already.</summary>
    public void FindConcurrency(int? most)
    {
        if (most is not { } limit)
            return;
        if (Concurrency is { } known)
        {
            known.Allow(limit);
            return;
        }

        Concurrency = new LearnedConcurrency(limit);

        // Those under way have not been counted.
        _epoch++;
        _inFlight = 0;
    }

    /// <summary>Learns from what came of a request.</summary>
    /// <param name="pass">Its pass.</param>
    /// <param name="signal">What came of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="timestamp">The same, on the clock of <see cref="GateSignal.SentAt"/>.</param>
    /// <returns>What it was taken for: an overloaded service throttles, or has failed.</returns>
    public AnswerMeaning Learn(GatePass pass, in GateSignal signal, long now, long timestamp = 0)
    {
        bool isCurrent = pass.Epoch == _epoch;
        if (isCurrent)
            _inFlight--;
        AnswerMeaning meaning = signal.Meaning;
        if (meaning == AnswerMeaning.Overloaded)
            meaning = !isCurrent || (!IsOutage && _limiter.IsOverload(Outage.IsNext)) ? AnswerMeaning.Throttled : AnswerMeaning.Broken;
        Concurrency?.End(pass, meaning, now);
        switch (meaning)
        {
            case AnswerMeaning.Good:
                _limiter.Accept(pass, isCurrent, now);
                if (isCurrent)
                    Reopen(now, signal.SentAt, timestamp);
                break;
            case AnswerMeaning.Throttled:
                TimeSpan? hint = signal.Hint?.HoldBack(refused: true);
                TimeSpan own = Min(options.RefusalDelay * Math.Pow(2, Math.Min(_closings, 16)), options.MaxProbeDelay);
                _limiter.Refuse(pass, hint > own ? hint.Value : own, now);
                if (isCurrent)
                    Close(now, hint, own, isOutage: false);
                else if (hint is { } longer)
                    _opensAt = Math.Max(_opensAt, now + Cap(longer));
                break;
            case AnswerMeaning.Denied when isCurrent && Outage.Deny(signal, timestamp):
                Denial = signal.Error;
                break;
            case AnswerMeaning.Broken when isCurrent && (Outage.Fail(signal, timestamp) || pass.IsProbe):
                if (IsOutage && pass.IsProbe)
                    ConfirmedOutage = new OutageSpan(Outage.Since ?? timestamp);
                Close(now, hint: null, Min(options.ProbeDelay * Math.Pow(1.25, Math.Min(_closings, 64)), options.MaxProbeDelay), isOutage: true);
                break;
            case AnswerMeaning.Broken when signal.Meaning == AnswerMeaning.Overloaded && signal.IsFirstAttempt:
                bool wasFree = _limiter.Rate.IsFree;
                _limiter.Rate.Nudge(now);
                if (wasFree && !_limiter.Rate.IsFree)
                {
                    _epoch++;
                    _inFlight = 0;
                }

                break;
            case AnswerMeaning.Broken or AnswerMeaning.Denied or AnswerMeaning.Impatience when isCurrent:
                // It follows one issuer, and the service is no busier for it.
                Widen();
                break;
        }

        return meaning;
    }

    private void Widen() => _window = _window < EndOfRamp ? _window + 1 : Unlimited;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Reopen(long now, long sentAt, long timestamp)
    {
        // An outage that its first probe refutes was none, and throttling is over when the service says so: neither calls for a ramp.
        bool isConfirmed = IsOutage && ConfirmedOutage is { Until: long.MaxValue };
        bool isOver = _closedSince is not null && !isConfirmed;
        if (isConfirmed)
            ConfirmedOutage = ConfirmedOutage!.Value with { Until = timestamp };
        Outage.Answer(sentAt);
        if (isOver)
            _window = Unlimited;
        else if (_window == 1)
            _window = SmallWindow;
        _closings = 0;
        _closedSince = null;
        _longestHint = 0;
        IsOutage = false;
        Widen();
        if (_isCold && told is not null)
            _limiter.Rate.BeginTold(now);
        else
            _isCold = false;
        Settle(now);
    }

    private void Settle(long now)
    {
        if (_limiter.Settle(now) is { } change)
            OnChange?.Invoke(change);
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
        long wait = Math.Max(hint is { } asked ? Cap(asked) : 0, otherwise.Ticks);
        if (hint is not null)
            _longestHint = Math.Max(_longestHint, wait);
        _opensAt = Math.Max(_opensAt, now + wait + (long)(wait * 0.1 * random()));
        OnChange?.Invoke(new GateChange($"closed for {wait / 10000} ms, rate {_limiter.Rate.PerSecond:0.0} in flight {_inFlight + 1}"));
        _closedSince ??= now;
        _closings++;
        _epoch++;
        _inFlight = 0;
        _isCold = false;
        _window = isOutage || _closings > 1 || !_limiter.IsKnown ? 1 : Unlimited;
        IsOutage = isOutage;
        Concurrency?.Retreat();
    }

    private int MostInFlight => Math.Min(_isCold ? 1 : _window, Math.Min(_limiter.MostInFlight, Concurrency?.Limit ?? Unlimited));

    private long Cap(TimeSpan hint) => Math.Min(hint.Ticks, options.MaxRetryAfter.Ticks);
}

internal sealed record GateChange(string What)
{
    public override string ToString() => What;
}
