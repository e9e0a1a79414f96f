using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Throttling;

/// <summary>Decides when the gate of a service closes and opens. It depends only on times and answers. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="options">How long the gate stays closed.</param>
/// <param name="random">Returns a random number from 0 to 1.</param>
/// <param name="isPaced">Whether a rate limiter paces requests behind the gate.</param>
/// <param name="configuredRate">The configured rate in requests a second; null if there is none.</param>
internal sealed class GatePolicy(GateOptions options, Func<double> random, bool isPaced = false, double? configuredRate = null)
{
    // An overloaded service still answers one of this many probes, within this time.
    private const int MinProbesOfOutage = 3;
    private const long MaxOverload = 3 * TimeSpan.TicksPerSecond / 2;

    private readonly LimiterModel _limiter = new(configuredRate, options.RefusalDelay);
    private readonly GateClosure _closure = new(options, random);
    private readonly AdmissionWindow _window = new((isPaced, configuredRate) switch { (false, _) => 0, (_, null) => 1, _ => LimiterModel.Cold });

    // A service that was never reached may still be starting. If that takes longer than this, its address is wrong.
    private static readonly TimeSpan MaxPatienceAtStart = TimeSpan.FromSeconds(10);

    /// <summary>Distinguishes an outage from bad issuers.</summary>
    public OutageWatch Outage { get; } = new(options.FailuresInARow);

    /// <summary>The reason why no more requests are sent: the service denies all access; null if it does not.</summary>
    public EnrichmentError? Denial { get; private set; }

    /// <summary>The last outage that a probe has confirmed; null if there was none.</summary>
    public OutageSpan? ConfirmedOutage { get; private set; }

    /// <summary>Learns the concurrency limit; null if the caller sets it.</summary>
    public LearnedConcurrency? Concurrency { get; private set; }

    /// <summary>Invoked for each change of state.</summary>
    public Action<GateChange>? OnChange { get; init; }

    public long Epoch => _window.Epoch;

    /// <summary>The number of good answers so far.</summary>
    public long Good => _limiter.Good;

    /// <summary>The rate at which the gate spaces requests, in requests a second; null if it does not space them.</summary>
    public double? PerSecond => _limiter.PerSecond;

    /// <summary>Whether nothing but their number limits requests.</summary>
    public bool IsOpen => _window.IsOpen && !_closure.IsClosed && _limiter.IsFree;

    /// <summary>Whether requests wait only because as many are in flight as may be.</summary>
    public bool IsFull => IsOpen && _window.InFlight >= MaxInFlight;

    /// <summary>Whether there is no evidence of an outage.</summary>
    public bool IsHealthy => Outage.IsClear;

    /// <summary>Whether the gate is closed because the service is down, not because it throttles.</summary>
    public bool IsOutage => _closure.IsOutage;

    /// <summary>The earliest time at which the gate can open.</summary>
    public long OpensAt => _closure.OpensAt;

    /// <summary>When to stop waiting for the service; null while it answers.</summary>
    public long? PatienceEndsAt => _closure.PatienceEndsAt(Patience);

    /// <summary>How long to wait for a service that is down.</summary>
    public TimeSpan Patience => Outage.IsUnreachable && Good == 0 && options.Patience > MaxPatienceAtStart ? MaxPatienceAtStart : options.Patience;

    /// <summary>Returns the next time at which <see cref="TryAdmit"/> may succeed without an answer; null if it needs one.</summary>
    public long? NextChange(long now) =>
        now < _closure.OpensAt ? _closure.OpensAt
        : _window.WaitsForSending ? null
        : _window.InFlight < MaxInFlight ? Math.Max(_limiter.NextSlot, now)
        : _window.ColdUntil(now);

    /// <summary>Counts a good answer. Returns true if it must be processed in any case. Thread-safe.</summary>
    public bool CountGood() => _limiter.CountGood();

    public bool TryAdmit(long now, [NotNullWhen(true)] out GatePass? pass)
    {
        pass = null;
        _window.Advance(now);
        if (now < _closure.OpensAt || Denial is not null)
            return false;
        if (!_window.IsProbing)
            Notify(_limiter.Begin(now));
        if (_window.WaitsForSending)
            return false;
        if (_window.InFlight >= MaxInFlight)
        {
            _limiter.Cap.HoldBack(_window.InFlight);
            return false;
        }

        if (now < _limiter.NextSlot)
        {
            _limiter.HoldBack();
            return false;
        }

        _limiter.Take(now);
        pass = _window.Admit(now, isProbe: _window.IsProbing && _closure.IsClosed, _limiter.KeepsDistance);
        return true;
    }

    /// <summary>Notes that a request is sent, after it has waited for a thread and the rate limiter.</summary>
    public void Send(GatePass pass, long now)
    {
        if (!pass.IsCounted)
            return;
        if (_window.Send(pass, now))
            _limiter.Restart(now);
        if (pass.Epoch == Epoch)
            Concurrency?.Begin(pass, now);
    }

    /// <summary>Learns the concurrency limit, up to a maximum; with null, nothing changes.</summary>
    public void LearnConcurrency(int? max)
    {
        if (max is not { } limit)
            return;
        if (Concurrency is { } known)
        {
            known.Allow(limit);
            return;
        }

        Concurrency = new LearnedConcurrency(limit);
        _window.Recount();
    }

    /// <summary>Processes the result of a request.</summary>
    /// <param name="pass">The pass of the request.</param>
    /// <param name="signal">The result.</param>
    /// <param name="now">The current time.</param>
    /// <param name="timestamp">The current time as a timestamp, comparable with <see cref="GateSignal.SentAt"/>.</param>
    /// <returns>The meaning. An overload is either throttling, for which the gate closes, or a failure.</returns>
    public AnswerMeaning Learn(GatePass pass, in GateSignal signal, long now, long timestamp = 0)
    {
        bool isCurrent = _window.End(pass);
        AnswerMeaning meaning = signal.Meaning == AnswerMeaning.Overloaded ? JudgeOverload(signal, isCurrent, now, timestamp) : signal.Meaning;
        Concurrency?.End(pass, meaning, now);
        switch (meaning)
        {
            case AnswerMeaning.Good:
                HandleGood(pass, signal, isCurrent, now, timestamp);
                break;
            case AnswerMeaning.Throttled:
                HandleThrottled(pass, signal, isCurrent, now, timestamp);
                break;
            case AnswerMeaning.Denied when isCurrent && Outage.Deny(signal, timestamp):
                Denial = signal.Error;
                break;
            case AnswerMeaning.Broken when signal.Meaning == AnswerMeaning.Broken && isCurrent && (Outage.Fail(signal, timestamp) || pass.IsProbe):
                if (IsOutage && pass.IsProbe)
                    ConfirmOutage(timestamp);
                Close(
                    now,
                    hint: null,
                    Min(options.ProbeDelay * Math.Pow(1.25, Math.Min(_closure.Times, 64)), options.MaxProbeDelay),
                    isOutage: true,
                    "different issuers failed in a row");
                break;
            case AnswerMeaning.Broken or AnswerMeaning.Denied or AnswerMeaning.Impatience when isCurrent:
                // The failure concerns one issuer, so more requests may be sent.
                _window.Widen();
                break;
        }

        return meaning;
    }

    private void ConfirmOutage(long timestamp)
    {
        if (ConfirmedOutage is not { Until: long.MaxValue })
            ConfirmedOutage = new OutageSpan(Outage.Since ?? timestamp);
    }

    private AnswerMeaning JudgeOverload(in GateSignal signal, bool isCurrent, long now, long timestamp)
    {
        if (isCurrent)
            Outage.Fail(signal, timestamp);
        if (!isCurrent || _closure.Times > 0 || _limiter.IsOverload(signal.IsFirstAttempt || signal.IsCanary))
            return AnswerMeaning.Throttled;
        bool wasFree = _limiter.IsFree;
        _limiter.Nudge(now);
        if (wasFree != _limiter.IsFree)
            _window.Recount();
        return AnswerMeaning.Broken;
    }

    private void HandleGood(GatePass pass, in GateSignal signal, bool isCurrent, long now, long timestamp)
    {
        bool wasFree = _limiter.IsFree;
        _limiter.RecordAccepted(pass, isCurrent, now);
        if (isCurrent)
            Reopen(now, signal.SentAt, timestamp);
        if (!wasFree && _limiter.IsFree)
            Notify(_limiter.LimitRemoved());
        bool wasBelieved = !_limiter.Quota.IsDisbelieved;
        TimeSpan? nothingUntil = _limiter.Quota.Heed(signal.Hint, now);
        if (wasBelieved && _limiter.Quota.IsDisbelieved)
        {
            if (_closure.IsByQuota)
                _closure.OpenAt(now);
            Notify(_limiter.Changed(GateChangeKind.HintDisbelieved, "two requests were accepted in one window, each with nothing remaining"));
        }
        else if (isCurrent && nothingUntil is { } wait && configuredRate is null && _limiter.IsFree)
        {
            Close(now, wait, wait, isOutage: false, "nothing remains");
            _closure.IsByQuota = true;
        }
    }

    private void HandleThrottled(GatePass pass, in GateSignal signal, bool isCurrent, long now, long timestamp)
    {
        // A hint can lengthen the gate's own wait, but not shorten it.
        TimeSpan own = Min(_limiter.MinWait * Math.Pow(2, Math.Min(_closure.Times, 16)), options.MaxProbeDelay);
        TimeSpan? hint = signal.Hint?.HoldBack(refused: true);
        _limiter.Quota.Heed(signal.Hint, now);
        bool isRequested = hint > own;
        _limiter.RecordThrottled(pass, isRequested ? hint!.Value : own, isRequested, now);

        // The preceding failures were caused by the service, not by the issuers.
        if (signal.Meaning == AnswerMeaning.Overloaded)
            ConfirmOutage(timestamp);

        // Without a hint and without a good answer for so long, this is not a limit.
        bool isOutage = signal.Meaning == AnswerMeaning.Overloaded && _closure.Times >= MinProbesOfOutage && _closure.TimeClosed(now) >= MaxOverload;
        if (isCurrent)
            Close(now, hint, own, isOutage, "throttled");
        else if (hint is { } longer)
            _closure.Lengthen(now, longer);
    }

    private void Reopen(long now, long sentAt, long timestamp)
    {
        // No ramp is needed if the first probe shows that there was no outage, or if throttling is over.
        bool isConfirmed = ConfirmedOutage is { Until: long.MaxValue };
        bool isOver = _closure.IsClosed && !(IsOutage && isConfirmed);
        if (IsOutage)
            _limiter.DiscardThrottled();
        if (isConfirmed)
            ConfirmedOutage = ConfirmedOutage!.Value with { Until = timestamp };
        Outage.Answer(sentAt);
        _closure.End();
        _window.Reopen(isAllClear: isOver);
        Notify(_limiter.Settle(now));
    }

    private void Notify(GateChange? change)
    {
        if (change is not { } some)
            return;
        if (some.Kind == GateChangeKind.CapFound)
            Concurrency?.TryUpTo(_limiter.Cap.Limit);
        OnChange?.Invoke(some);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Restarts the time to wait for the service, for a new run.</summary>
    public void RestartPatience(long now)
    {
        Denial = null;
        _closure.RestartPatience(now);
    }

    private void Close(long now, TimeSpan? hint, TimeSpan atLeast, bool isOutage, string reason)
    {
        TimeSpan wait = _closure.Close(now, hint, atLeast, isOutage);
        Notify(_limiter.Changed(GateChangeKind.Closed, reason) with { Wait = wait });
        _window.Close(needsProbe: isOutage || _closure.Times > 1 || !_limiter.IsKnown);
        Concurrency?.Retreat();
    }

    private int MaxInFlight => Math.Min(_window.Limit, Math.Min(_limiter.MaxInFlight, Concurrency?.Limit ?? int.MaxValue));
}
