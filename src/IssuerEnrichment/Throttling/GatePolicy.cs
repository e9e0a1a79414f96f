using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Throttling;

/// <summary>When the gate of a service is closed and how it opens, as a pure matter of time and answers. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="options">How long it stays closed.</param>
/// <param name="random">Chance, from 0 to 1.</param>
/// <param name="isPaced">Whether requests leave it at a pace that they are to keep on their way.</param>
/// <param name="told">The requests a second that the user said the service allows; null where that is not known.</param>
internal sealed class GatePolicy(GateOptions options, Func<double> random, bool isPaced = false, double? told = null)
{
    // A service that is overloaded still answers one of so many lone requests within so long.
    private const int ProbesOfOutage = 3;
    private const long LongestOverload = 3 * TimeSpan.TicksPerSecond / 2;

    private readonly LimiterModel _limiter = new(told, options.RefusalDelay);
    private readonly GateClosure _closure = new(options, random);
    private readonly AdmissionWindow _window = new((isPaced, told) switch { (false, _) => 0, (_, null) => 1, _ => LimiterModel.Cold });

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

    /// <summary>Is told each time the gate changes its mind.</summary>
    public Action<GateChange>? OnChange { get; init; }

    public long Epoch => _window.Epoch;

    /// <summary>Good answers so far.</summary>
    public long Good => _limiter.Good;

    /// <summary>Requests a second that the gate spaces to; null where it does not.</summary>
    public double? PerSecond => _limiter.PerSecond;

    /// <summary>Whether nothing holds requests back, but for their number.</summary>
    public bool IsOpen => _window.IsOpen && !_closure.IsClosed && _limiter.IsFree;

    /// <summary>Whether nothing but their number holds requests back.</summary>
    public bool IsFull => IsOpen && _window.InFlight >= MostInFlight;

    /// <summary>Whether the last answers give no reason for doubt.</summary>
    public bool IsWell => Outage.IsClear;

    /// <summary>Whether it is closed because the service is down, rather than because it asked for a slower pace.</summary>
    public bool IsOutage => _closure.IsOutage;

    /// <summary>The earliest time at which it can open.</summary>
    public long OpensAt => _closure.OpensAt;

    /// <summary>When waiting loses its point; null while the service answers.</summary>
    public long? PatienceEndsAt => _closure.PatienceEndsAt(Patience);

    /// <summary>How long to wait for a service that is down.</summary>
    public TimeSpan Patience => Outage.IsUnreachable && Good == 0 && options.Patience > StartPatience ? StartPatience : options.Patience;

    /// <summary>The next time at which <see cref="TryAdmit"/> may change its mind by itself; null where it takes an answer.</summary>
    public long? NextChange(long now) =>
        now < _closure.OpensAt ? _closure.OpensAt
        : _window.WaitsForSending ? null
        : _window.InFlight < MostInFlight ? Math.Max(_limiter.NextSlot, now)
        : _window.ColdUntil(now);

    /// <summary>Counts a good answer; true where it is to be learned from, whatever else. Thread-safe.</summary>
    public bool CountGood() => _limiter.CountGood();

    public bool TryAdmit(long now, [NotNullWhen(true)] out GatePass? pass)
    {
        pass = null;
        _window.Advance(now);
        if (now < _closure.OpensAt || Denial is not null)
            return false;
        if (!_window.IsProbing)
            Tell(_limiter.Begin(now));
        if (_window.WaitsForSending)
            return false;
        if (_window.InFlight >= MostInFlight)
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

    /// <summary>Its request leaves, now that it has waited for a thread and for the pace.</summary>
    public void Send(GatePass pass, long now)
    {
        if (!pass.IsCounted)
            return;
        if (_window.Send(pass, now))
            _limiter.Restart(now);
        if (pass.Epoch == Epoch)
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
        _window.Recount();
    }

    /// <summary>Learns from what came of a request.</summary>
    /// <param name="pass">Its pass.</param>
    /// <param name="signal">What came of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="timestamp">The same, on the clock of <see cref="GateSignal.SentAt"/>.</param>
    /// <returns>What it means: an overload is either throttling, for which the gate closes, or a failure.</returns>
    public AnswerMeaning Learn(GatePass pass, in GateSignal signal, long now, long timestamp = 0)
    {
        bool isCurrent = _window.End(pass);
        AnswerMeaning meaning = signal.Meaning == AnswerMeaning.Overloaded ? Judge(signal, isCurrent, now, timestamp) : signal.Meaning;
        Concurrency?.End(pass, meaning, now);
        switch (meaning)
        {
            case AnswerMeaning.Good:
                Accept(pass, signal, isCurrent, now, timestamp);
                break;
            case AnswerMeaning.Throttled:
                Refuse(pass, signal, isCurrent, now, timestamp);
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
                    "different issuers failed one after the other");
                break;
            case AnswerMeaning.Broken or AnswerMeaning.Denied or AnswerMeaning.Impatience when isCurrent:
                // It follows one issuer, and the service is no busier for it.
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

    private AnswerMeaning Judge(in GateSignal signal, bool isCurrent, long now, long timestamp)
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

    private void Accept(GatePass pass, in GateSignal signal, bool isCurrent, long now, long timestamp)
    {
        bool wasFree = _limiter.IsFree;
        _limiter.Accept(pass, isCurrent, now);
        if (isCurrent)
            Reopen(now, signal.SentAt, timestamp);
        if (!wasFree && _limiter.IsFree)
            Tell(_limiter.Free());
        bool wasBelieved = !_limiter.Quota.IsDisbelieved;
        TimeSpan? nothingUntil = _limiter.Quota.Heed(signal.Hint, now);
        if (wasBelieved && _limiter.Quota.IsDisbelieved)
        {
            if (_closure.IsByQuota)
                _closure.OpenAt(now);
            Tell(_limiter.Changed(GateChangeKind.HintDisbelieved, "two requests were accepted that left nothing before one reset"));
        }
        else if (isCurrent && nothingUntil is { } wait && told is null && _limiter.IsFree)
        {
            Close(now, wait, wait, isOutage: false, "nothing remains");
            _closure.IsByQuota = true;
        }
    }

    private void Refuse(GatePass pass, in GateSignal signal, bool isCurrent, long now, long timestamp)
    {
        // A hint may lengthen the gate's own wait, never abolish it.
        TimeSpan own = Min(_limiter.LeastWait * Math.Pow(2, Math.Min(_closure.Times, 16)), options.MaxProbeDelay);
        TimeSpan? hint = signal.Hint?.HoldBack(refused: true);
        _limiter.Quota.Heed(signal.Hint, now);
        bool isAsked = hint > own;
        _limiter.Refuse(pass, isAsked ? hint!.Value : own, isAsked, now);

        // What was taken for failures of issuers was the service's all the same.
        if (signal.Meaning == AnswerMeaning.Overloaded)
            ConfirmOutage(timestamp);

        // No hint and no good answer for so long: that is no limit.
        bool isOutage = signal.Meaning == AnswerMeaning.Overloaded && _closure.Times >= ProbesOfOutage && _closure.TimeClosed(now) >= LongestOverload;
        if (isCurrent)
            Close(now, hint, own, isOutage, "throttled");
        else if (hint is { } longer)
            _closure.Lengthen(now, longer);
    }

    private void Reopen(long now, long sentAt, long timestamp)
    {
        // An outage that its first probe refutes was none, and throttling is over when the service says so: neither calls for a ramp.
        bool isConfirmed = ConfirmedOutage is { Until: long.MaxValue };
        bool isOver = _closure.IsClosed && !(IsOutage && isConfirmed);
        if (IsOutage)
            _limiter.Forgive();
        if (isConfirmed)
            ConfirmedOutage = ConfirmedOutage!.Value with { Until = timestamp };
        Outage.Answer(sentAt);
        _closure.End();
        _window.Reopen(isAllClear: isOver);
        Tell(_limiter.Settle(now));
    }

    private void Tell(GateChange? change)
    {
        if (change is not { } some)
            return;
        if (some.Kind == GateChangeKind.CapFound)
            Concurrency?.TryUpTo(_limiter.Cap.Limit);
        OnChange?.Invoke(some);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Somebody comes who has not waited yet.</summary>
    public void RestartPatience(long now)
    {
        Denial = null;
        _closure.RestartPatience(now);
    }

    private void Close(long now, TimeSpan? hint, TimeSpan atLeast, bool isOutage, string reason)
    {
        TimeSpan wait = _closure.Close(now, hint, atLeast, isOutage);
        Tell(_limiter.Changed(GateChangeKind.Closed, reason) with { Wait = wait });
        _window.Close(needsProbe: isOutage || _closure.Times > 1 || !_limiter.IsKnown);
        Concurrency?.Retreat();
    }

    private int MostInFlight => Math.Min(_window.Limit, Math.Min(_limiter.MostInFlight, Concurrency?.Limit ?? int.MaxValue));
}
