using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Throttling;

/// <summary>
/// The one gate of a service, which every request of every lookup passes. While the service is well it is open and costs next to nothing. A request
/// that is throttled, or a row of failures across issuers, closes it for all: lookups wait, and spend no attempt.
/// </summary>
/// <remarks>
/// It opens no earlier than the service asked for, with one probe; each good answer then makes room for one request more, so that the number in
/// flight doubles with each round trip. Thread-safe.
/// </remarks>
internal sealed class ServiceGate : IDisposable
{
    private readonly GateOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly EnrichmentTelemetry _telemetry;
    private readonly GatePolicy _policy;
    private readonly Lock _lock = new();
    private readonly LinkedList<GateWaiter> _waiters = new();
    private readonly ITimer _timer;
    private readonly long _origin;
    private Action[] _watchers = [];
    private long _latestAnswered = long.MinValue;

    // What the policy says, for those who ask without the lock.
    private volatile bool _isUnguarded;
    private volatile bool _isWell;
    private volatile GatePass _free = new(epoch: 0, isProbe: false);

    public ServiceGate(
        GateOptions options, TimeProvider timeProvider, Func<double> random, EnrichmentTelemetry telemetry, bool isPaced = false, double? toldPerSecond = null)
    {
        _options = options;
        _timeProvider = timeProvider;
        _telemetry = telemetry;
        _policy = new GatePolicy(options, random, isPaced, toldPerSecond) { OnChange = telemetry.GateChanged };
        _isUnguarded = _isWell = _policy.IsOpen;
        _origin = timeProvider.GetTimestamp();
        _timer = PreciseTimer.Create(timeProvider, OnTimer);
    }

    /// <summary>Whether the service is down or denies everybody, rather than asking for a slower pace.</summary>
    public bool IsDown => _policy.IsOutage || _policy.Denial is not null;

    /// <summary>The last outage that a probe has confirmed; null where there was none.</summary>
    public OutageSpan? ConfirmedOutage
    {
        get
        {
            lock (_lock)
                return _policy.ConfirmedOutage;
        }
    }

    /// <summary>An issuer that the service has answered for; null while there is none.</summary>
    public string? Canary { get; private set; }

    /// <summary>How often the service has throttled so far.</summary>
    public long Throttled { get; private set; }

    /// <summary>Whether nobody waits for the service any more: it denies everybody, or the patience with it is over.</summary>
    public bool IsGivenUp
    {
        get
        {
            lock (_lock)
                return _policy.Denial is not null || Now > _policy.PatienceEndsAt;
        }
    }

    /// <summary>Whether nothing but their number holds requests back.</summary>
    public bool IsWell => _isWell;

    /// <summary>Good answers of the service so far.</summary>
    public long GoodAnswers => _policy.Good;

    private long Now => _timeProvider.GetElapsedTime(_origin).Ticks;

    /// <summary>A run begins, and nobody's patience is used up. What is known of the service stays known: it belongs to the service, not to a run.</summary>
    /// <param name="findUpTo">The most requests at once, where their number is to be found out; null where the run itself limits it.</param>
    public void BeginRun(int? findUpTo = null)
    {
        lock (_lock)
        {
            _policy.FindConcurrency(findUpTo);
            if (_waiters.Count == 0)
                _policy.RestartPatience(Now);
            Admit(Now);
        }
    }

    /// <summary>Gives leave to send a request while nothing holds requests back.</summary>
    public bool TryPass(out GatePass pass)
    {
        // In this order: a pass of the last opening does no harm once the gate has closed, one of the next would let too many through.
        pass = _free;
        return _isUnguarded;
    }

    /// <summary>Whether the gate has not closed since it gave this pass.</summary>
    public bool IsCurrent(GatePass pass) => pass.Epoch == _free.Epoch;

    /// <summary>A request that was let through leaves.</summary>
    public void Send(GatePass pass)
    {
        if (_isUnguarded)
            return;
        lock (_lock)
        {
            _policy.Send(pass, Now);
            Admit(Now);
        }
    }

    /// <summary>Whether a request sent after this time, a timestamp, was answered.</summary>
    public bool WasAnsweredSince(long timestamp) => Volatile.Read(ref _latestAnswered) > timestamp;

    /// <summary>Calls an action, which must be quick, whenever the service answers after failures, or is given up.</summary>
    public IDisposable Watch(Action onChange)
    {
        lock (_lock)
            _watchers = [.. _watchers, onChange];
        return new Watcher(this, onChange);
    }

    /// <summary>The service answered for an issuer.</summary>
    public void RememberAnswered(string issuerId) => Canary ??= issuerId;

    /// <summary>Waits for leave to send a request.</summary>
    /// <param name="isProbe">Whether the request is to show whether a service that is down is up again; no other is let in then.</param>
    /// <param name="timeLeft">The time until the deadline of the run that asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LookupEndedException">The gate opens after the deadline, or nobody waits for the service any more.</exception>
    /// <exception cref="ServiceDownException">The service is down, or goes down meanwhile.</exception>
    public ValueTask<GatePass> EnterAsync(bool isProbe, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            long now = Now;
            if (_waiters.Count == 0 && _policy.TryAdmit(now, out GatePass? pass))
                return new ValueTask<GatePass>(pass);
            if (_policy.Denial is { } denial)
                throw new LookupEndedException(denial);
            if (now > _policy.PatienceEndsAt)
                throw new LookupEndedException(OutOfPatience());
            if (_policy.IsOutage && !isProbe)
                throw new ServiceDownException();
            if (_policy.NextChange(now) - now > timeLeft.Ticks)
                throw new LookupEndedException(TooLate(_policy.NextChange(now)!.Value - now));
            GateWaiter waiter = new(isProbe);
            _waiters.AddLast(waiter.Node);
            waiter.Cancellation = cancellationToken.UnsafeRegister((_, token) => Cancel(waiter, token), null);
            Admit(now);
            return new ValueTask<GatePass>(waiter.Task);
        }
    }

    /// <summary>Tells the gate what came of a request.</summary>
    /// <returns>What the answer was taken for: an overloaded service throttles, or has failed.</returns>
    public AnswerMeaning Report(GatePass pass, in GateSignal signal)
    {
        // Whatever it says about the issuer, a service that answers is up.
        bool isGood = signal.Meaning is AnswerMeaning.Good or AnswerMeaning.NotFound or AnswerMeaning.NotReady or AnswerMeaning.Rejected;

        // Of two at the same time one may get lost, and the next one will do.
        if (isGood && signal.SentAt != long.MaxValue && signal.SentAt > Volatile.Read(ref _latestAnswered))
            Volatile.Write(ref _latestAnswered, signal.SentAt);
        bool isSampleDue = isGood && _policy.CountGood();
        if (isGood && !isSampleDue && _isUnguarded && _policy.IsWell && signal.Hint is null)
            return signal.Meaning;

        lock (_lock)
        {
            long now = Now;
            bool wasOutage = _policy.IsOutage;
            bool wasDenied = _policy.Denial is not null;
            AnswerMeaning meaning = _policy.Learn(
                pass, isGood ? signal with { Meaning = AnswerMeaning.Good } : signal, now, _timeProvider.GetTimestamp());
            if (meaning == AnswerMeaning.Throttled)
                Throttled++;
            if (_policy.IsOutage && !wasOutage)
                _telemetry.OutageBegan(_policy.Outage.Failures, _policy.Outage.Cause, _policy.Patience);
            else if (wasOutage && !_policy.IsOutage)
                _telemetry.OutageEnded();
            Admit(now);
            if (!wasDenied && _policy.Denial is { } denial)
                _telemetry.ServiceDenied(denial);
            if (isGood || _policy.Denial is not null)
                TellWatchers();
            return isGood ? signal.Meaning : meaning;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_lock)
            Admit(Now);
    }

    private void Admit(long now)
    {
        ShowState();
        if (_free.Epoch != _policy.Epoch)
            _free = new GatePass(_policy.Epoch, isProbe: false);
        if (_policy.Denial is { } denial)
            EndWaits(new LookupEndedException(denial));
        else if (now > _policy.PatienceEndsAt)
            EndWaits(new LookupEndedException(OutOfPatience()));
        else if (_policy.IsOutage)
            EndWaits(new ServiceDownException(), ofProbes: false);
        while (_waiters.First is { } first && _policy.TryAdmit(now, out GatePass? pass))
            Remove(first).SetResult(pass);
        ShowState();
        if (_waiters.Count > 0)
            SetTimer(now);
    }

    private void EndWaits(Exception reason, bool ofProbes = true)
    {
        for (LinkedListNode<GateWaiter>? waiter = _waiters.First; waiter is not null;)
        {
            LinkedListNode<GateWaiter>? next = waiter.Next;
            if (ofProbes || !waiter.Value.IsProbe)
                Remove(waiter).SetException(reason);
            waiter = next;
        }

        if (ofProbes)
            TellWatchers();
    }

    private void TellWatchers()
    {
        foreach (Action watcher in _watchers)
            watcher();
    }

    private void ShowState()
    {
        _isUnguarded = _policy.IsOpen && _policy.Denial is null && _policy.Concurrency is null && _waiters.Count == 0;
        _isWell = _isUnguarded || (_policy.IsOpen && _policy.Concurrency is not null);
    }

    // Timers drop the fraction of a millisecond: not rounded up, this one would fire early, over and over.
    private void SetTimer(long now)
    {
        long due = Math.Min(_policy.NextChange(now) ?? long.MaxValue, _policy.PatienceEndsAt + 1 ?? long.MaxValue);
        TimeSpan wait = due == long.MaxValue
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks(Math.Max(0, due - now)).TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Cancel(GateWaiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.Node.List is not null)
                Remove(waiter.Node).SetCanceled(cancellationToken);
            Admit(Now);
        }
    }

    // Not Dispose, which would wait for a callback that waits for the gate's lock.
    private GateWaiter Remove(LinkedListNode<GateWaiter> node)
    {
        _waiters.Remove(node);
        node.Value.Cancellation.Unregister();
        return node.Value;
    }

    private EnrichmentError OutOfPatience() => new(
        EnrichmentErrorKind.Outage, $"The service gave no good answer for longer than {_policy.Patience.TotalSeconds:0.###} s (Gate.Patience). {_policy.Outage.Cause?.Message}",
        _policy.Outage.Cause?.HttpStatus);

    private static EnrichmentError TooLate(long wait) => new(
        EnrichmentErrorKind.Deadline,
        $"The service is not to be asked for another {TimeSpan.FromTicks(wait).TotalSeconds:0.#} s, and the run's deadline comes before.");

    private sealed class Watcher(ServiceGate gate, Action onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (gate._lock)
                gate._watchers = [.. gate._watchers.Where(other => other != onChange)];
        }
    }
}
