using System.Globalization;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Gate.Gauntlet;

/// <summary>Drives a gate's policy and the told pace against a limiter in virtual time, as the gate, its timers and sockets would.</summary>
internal sealed class GauntletRun
{
    private const double Stalled = 40;

    private readonly GauntletCase _case;
    private readonly Limiter _limiter;
    private readonly GatePolicy _policy;
    private readonly CombinedSchedule? _pace;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (double, int)> _events = new();
    private readonly Queue<(GatePass Pass, long Since)> _paced = new();
    private readonly List<string> _changes = [];
    private readonly int _ids;
    private double _now;
    private int _sequence;
    private int _waiting;
    private int _good;
    private int _unstarted;
    private int _throttled;
    private int _late;
    private double? _firstRefusalAt;
    private double _gateTimer = double.MaxValue;
    private double _paceTimer = double.MaxValue;
    private GatePass _free = new(0, isProbe: false);

    private GauntletRun(GauntletCase one)
    {
        _case = one;
        _limiter = one.Create();
        _random = new Random(one.Seed);
        int perSecond = (int)Math.Round(_limiter.PerSecond);
        _pace = one.IsTold ? new CombinedSchedule(RateLimit.PerSecond(perSecond)) : null;
        _policy = new GatePolicy(new GateOptions(), _random.NextDouble, one.IsTold, one.IsTold ? perSecond : null)
        {
            OnChange = change => _changes.Add(string.Create(CultureInfo.InvariantCulture, $"{_now:0.000} {change.Kind} {change.Reason}: {change.Belief}")),
        };
        _policy.LearnConcurrency(one.IsAuto ? one.Requesters : null);
        _unstarted = _ids = (int)Math.Round(_limiter.PerSecond * one.Seconds) + (one.IsTold ? 0 : _limiter.Burst);
    }

    private bool IsGuarded => !_policy.IsOpen || _policy.Concurrency is not null;

    private long Now => (long)(_now * TimeSpan.TicksPerSecond);

    public static GauntletResult Play(GauntletCase one) => new GauntletRun(one).Play();

    private GauntletResult Play()
    {
        // A told pace has no use for the burst.
        double ideal = (_ids - (_case.IsTold ? 0 : _limiter.Burst)) / _limiter.PerSecond;
        _waiting = Math.Min(_case.Requesters, _unstarted);
        _unstarted -= _waiting;
        Pump();
        while (_good < _ids && _events.TryDequeue(out Action? next, out (double At, int) at) && at.At < Stalled * (1 + ideal))
        {
            _now = at.At;
            next();
            Pump();
        }

        bool isDone = _good == _ids;
        return new GauntletResult(_ids, isDone ? ideal / _now : 0, _throttled, _late, _now, _changes);
    }

    private void At(double time, Action action) => _events.Enqueue(action, (time, _sequence++));

    private void Pump()
    {
        if (_free.Epoch != _policy.Epoch)
            _free = new GatePass(_policy.Epoch, isProbe: false);
        while (_waiting > 0)
        {
            GatePass? pass = _free;
            if (IsGuarded && !_policy.TryAdmit(Now, out pass))
            {
                SetGateTimer();
                break;
            }

            _waiting--;
            if (_pace is null)
                Leave(pass!);
            else
                _paced.Enqueue((pass!, Now));
        }

        while (_paced.TryPeek(out (GatePass Pass, long Since) first))
        {
            if (first.Pass.Epoch != _policy.Epoch)
            {
                _paced.Dequeue();
                _waiting++;
                At(_now, () => { });
                continue;
            }

            if (!_pace!.TryTake(1, first.Since, Now))
            {
                SetPaceTimer(first.Since);
                break;
            }

            _paced.Dequeue();
            Leave(first.Pass);
        }
    }

    private void Leave(GatePass pass)
    {
        if (IsGuarded)
            _policy.Send(pass, Now);
        Send(pass);
    }

    private void Send(GatePass pass)
    {
        double sentAt = _now;
        double way = 0.0001 + (_random.NextDouble() * _case.Jitter);
        if (_random.NextDouble() < _case.SpikeShare)
            way += 0.005 + (_random.NextDouble() * 0.015);

        // The first requests of a process wait for code to be compiled and arrive in a heap; their answers wait to be read.
        bool isCold = _now < _case.ColdUntil && _good == 0;
        double arrival = isCold ? Math.Max(_now, (0.5 + (0.15 * _random.NextDouble())) * _case.ColdUntil) + way : _now + way;
        At(arrival, () =>
        {
            Limiter.Decision decision = _limiter.Ask(_now);
            double answered = _now + (decision.IsAccepted ? _case.Latency + (_random.NextDouble() * 0.002) : 0.0003);
            GateSignal signal = new(
                decision.IsAccepted ? AnswerMeaning.Good : _case.Dialect == Dialect.Unavailable ? AnswerMeaning.Overloaded : AnswerMeaning.Throttled,
                _case.Say(_limiter, decision, _now));
            if (decision.IsAccepted)
                At(answered, _limiter.End);
            At(isCold ? Math.Max(answered, _case.ColdUntil * (0.8 + (0.4 * _random.NextDouble()))) : answered + 0.0002, () => Learn(pass, signal, sentAt));
        });
    }

    private void Learn(GatePass pass, in GateSignal signal, double sentAt)
    {
        bool isGood = signal.Meaning == AnswerMeaning.Good;
        if (isGood)
        {
            _good++;
            if (_unstarted > 0)
            {
                _unstarted--;
                _waiting++;
            }
        }
        else
        {
            _throttled++;
            _waiting++;
            _late += _firstRefusalAt is { } first && sentAt > first ? 1 : 0;
            _firstRefusalAt ??= _now;
        }

        // As ServiceGate.Report does.
        bool isDue = isGood && _policy.CountGood();
        if (isGood && !isDue && !IsGuarded && _policy.IsHealthy && signal.Hint is null)
            return;
        _policy.Learn(pass, signal, Now);
    }

    // Timers have the grain of a millisecond, and fire a little late.
    private void SetGateTimer()
    {
        if (_policy.NextChange(Now) is not { } change)
            return;
        double at = _now + TimerWait(change);
        if (at >= _gateTimer && _gateTimer > _now)
            return;
        _gateTimer = at;
        At(at, () => _gateTimer = _gateTimer == at ? double.MaxValue : _gateTimer);
    }

    private void SetPaceTimer(long since)
    {
        double at = _now + TimerWait(_pace!.Earliest(1, since));
        if (at >= _paceTimer && _paceTimer > _now)
            return;
        _paceTimer = at;
        At(at, () => _paceTimer = _paceTimer == at ? double.MaxValue : _paceTimer);
    }

    private double TimerWait(long due) =>
        (Math.Ceiling(Math.Max(0, due - Now) / (double)TimeSpan.TicksPerMillisecond) / 1000) + (_random.NextDouble() * 0.001);
}
