using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Throttling;

/// <summary>
/// The gate of a service, which every request passes. While the service is healthy, the gate is open and takes no lock. A throttled request, or
/// failures of different issuers in a row, close it for all requests. Lookups wait meanwhile, and attempts do not count.
/// </summary>
/// <remarks>
/// The gate opens no earlier than the service asked for, with one probe. Each good answer then admits one more request, so the number in flight
/// doubles with each round trip. Thread-safe.
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

    // A copy of the policy's state, to be read without the lock.
    private volatile bool _isOpen;
    private volatile bool _isHealthy;
    private volatile GatePass _sharedPass = new(epoch: 0, isProbe: false);

    public ServiceGate(
        GateOptions options, TimeProvider timeProvider, Func<double> random, EnrichmentTelemetry telemetry, bool isPaced = false, double? configuredRate = null)
    {
        _options = options;
        _timeProvider = timeProvider;
        _telemetry = telemetry;
        _policy = new GatePolicy(options, random, isPaced, configuredRate) { OnChange = telemetry.GateChanged };
        _isOpen = _isHealthy = _policy.IsOpen;
        _origin = timeProvider.GetTimestamp();
        _timer = PreciseTimer.Create(timeProvider, OnTimer);
    }

    /// <summary>Whether the service is down or denies all access, rather than throttling.</summary>
    public bool IsDown => _policy.IsOutage || _policy.Denial is not null;

    /// <summary>The last outage that a probe has confirmed; null if there was none.</summary>
    public OutageSpan? ConfirmedOutage
    {
        get
        {
            lock (_lock)
                return _policy.ConfirmedOutage;
        }
    }

    /// <summary>An issuer that the service has answered for; null until there is one.</summary>
    public string? Canary { get; private set; }

    /// <summary>The number of throttled requests so far.</summary>
    public long Throttled { get; private set; }

    /// <summary>Whether the service is given up: it denies all access, or <see cref="GateOptions.Patience"/> has elapsed.</summary>
    public bool IsGivenUp
    {
        get
        {
            lock (_lock)
                return _policy.Denial is not null || Now > _policy.PatienceEndsAt;
        }
    }

    /// <summary>Whether nothing but their number limits requests.</summary>
    public bool IsHealthy => _isHealthy;

    /// <summary>The number of good answers so far.</summary>
    public long GoodAnswers => _policy.Good;

    private long Now => _timeProvider.GetElapsedTime(_origin).Ticks;

    /// <summary>Starts a run: the time to wait for the service begins anew. What was learned about the service is kept.</summary>
    /// <param name="maxConcurrency">The maximum concurrency limit if the limit is learned; null if the run sets it.</param>
    public void BeginRun(int? maxConcurrency = null)
    {
        lock (_lock)
        {
            _policy.LearnConcurrency(maxConcurrency);
            if (_waiters.Count == 0)
                _policy.RestartPatience(Now);
            Admit(Now);
        }
    }

    /// <summary>Admits a request if nothing limits requests.</summary>
    public bool TryPass(out GatePass pass)
    {
        // The order matters: an old pass does no harm after the gate has closed, but a new one would admit too many requests.
        pass = _sharedPass;
        return _isOpen;
    }

    /// <summary>Returns whether the gate has not closed since it issued this pass.</summary>
    public bool IsCurrent(GatePass pass) => pass.Epoch == _sharedPass.Epoch;

    /// <summary>Notes that an admitted request is sent.</summary>
    public void Send(GatePass pass)
    {
        if (_isOpen)
            return;
        lock (_lock)
        {
            _policy.Send(pass, Now);
            Admit(Now);
        }
    }

    /// <summary>Returns whether a request sent after this timestamp was answered.</summary>
    public bool WasAnsweredSince(long timestamp) => Volatile.Read(ref _latestAnswered) > timestamp;

    /// <summary>Registers a callback that runs whenever the service answers after failures, or is given up. It must return quickly.</summary>
    public IDisposable Watch(Action onChange)
    {
        lock (_lock)
            _watchers = [.. _watchers, onChange];
        return new Watcher(this, onChange);
    }

    /// <summary>Notes that the service answered for an issuer.</summary>
    public void RememberAnswered(string issuerId) => Canary ??= issuerId;

    /// <summary>Waits until a request is admitted.</summary>
    /// <param name="isProbe">Whether the request can probe a service that is down. Other requests are not admitted then.</param>
    /// <param name="timeLeft">The time until the run's deadline.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="LookupEndedException">The gate opens after the deadline, or the service is given up.</exception>
    /// <exception cref="ServiceDownException">The service is down, or an outage begins during the wait.</exception>
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

    /// <summary>Reports the result of a request.</summary>
    /// <returns>The meaning of the answer. An overload is either throttling or a failure.</returns>
    public AnswerMeaning Report(GatePass pass, in GateSignal signal)
    {
        // A service that answers is up, whatever it says about the issuer.
        bool isGood = signal.Meaning is AnswerMeaning.Good or AnswerMeaning.NotFound or AnswerMeaning.NotReady or AnswerMeaning.Rejected;

        // Of two concurrent updates, one may be lost. The next answer makes up for it.
        if (isGood && signal.SentAt != long.MaxValue && signal.SentAt > Volatile.Read(ref _latestAnswered))
            Volatile.Write(ref _latestAnswered, signal.SentAt);
        bool isSampleDue = isGood && _policy.CountGood();
        if (isGood && !isSampleDue && _isOpen && _policy.IsHealthy && signal.Hint is null)
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
                NotifyWatchers();
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
        PublishState();
        if (_sharedPass.Epoch != _policy.Epoch)
            _sharedPass = new GatePass(_policy.Epoch, isProbe: false);
        if (_policy.Denial is { } denial)
            FailWaiters(new LookupEndedException(denial));
        else if (now > _policy.PatienceEndsAt)
            FailWaiters(new LookupEndedException(OutOfPatience()));
        else if (_policy.IsOutage)
            FailWaiters(new ServiceDownException(), includeProbes: false);
        while (_waiters.First is { } first && _policy.TryAdmit(now, out GatePass? pass))
            Remove(first).SetResult(pass);
        PublishState();
        if (_waiters.Count > 0)
            SetTimer(now);
    }

    private void FailWaiters(Exception reason, bool includeProbes = true)
    {
        for (LinkedListNode<GateWaiter>? waiter = _waiters.First; waiter is not null;)
        {
            LinkedListNode<GateWaiter>? next = waiter.Next;
            if (includeProbes || !waiter.Value.IsProbe)
                Remove(waiter).SetException(reason);
            waiter = next;
        }

        if (includeProbes)
            NotifyWatchers();
    }

    private void NotifyWatchers()
    {
        foreach (Action watcher in _watchers)
            watcher();
    }

    private void PublishState()
    {
        _isOpen = _policy.IsOpen && _policy.Denial is null && _policy.Concurrency is null && _waiters.Count == 0;
        _isHealthy = _isOpen || (_policy.IsOpen && _policy.Concurrency is not null);
    }

    // Timers truncate to milliseconds. Without rounding up, this one would fire early, again and again.
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

    // Not Dispose, which would wait for a callback that waits for the lock.
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
        $"The gate is closed for another {TimeSpan.FromTicks(wait).TotalSeconds:0.#} s, but the run's deadline is earlier.");

    private sealed class Watcher(ServiceGate gate, Action onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (gate._lock)
                gate._watchers = [.. gate._watchers.Where(other => other != onChange)];
        }
    }
}
