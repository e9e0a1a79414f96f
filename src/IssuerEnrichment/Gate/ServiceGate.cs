using IssuerEnrichment.Enrichment;

namespace IssuerEnrichment.Gate;

/// <summary>
/// The one gate of a service, which every request of every lookup passes. While the service is well it is open and costs next to nothing. A refusal,
/// or a row of failures across issuers, closes it for all: whoever comes waits, and spends no attempt.
/// </summary>
/// <remarks>
/// It opens no earlier than the service asked for, with one probe; each good answer then makes room for one request more, so that the number in
/// flight doubles with each round trip. Thread-safe.
/// </remarks>
internal sealed class ServiceGate : IDisposable
{
    private readonly GateOptions _options;
    private readonly RunEnvironment _environment;
    private readonly GatePolicy _policy;
    private readonly Lock _lock = new();
    private readonly LinkedList<GateWaiter> _waiters = new();
    private readonly ITimer _timer;
    private readonly long _origin;

    // What the policy says, for those who ask without the lock.
    private volatile bool _isUnguarded;
    private volatile bool _isWell;
    private volatile GatePass _free = new(epoch: 0, isProbe: false);

    public ServiceGate(GateOptions options, RunEnvironment environment, bool isPaced = false, double? toldPerSecond = null)
    {
        _options = options;
        _environment = environment;
        _policy = new GatePolicy(options, environment.Random, isPaced, toldPerSecond) { OnChange = environment.Telemetry.GateChanged };
        _isUnguarded = _isWell = _policy.IsOpen;
        _origin = environment.TimeProvider.GetTimestamp();
        _timer = environment.TimeProvider.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the service is down, rather than asking for a slower pace.</summary>
    public bool IsOutage => _policy.IsOutage;

    /// <summary>Whether nothing but their number holds requests back.</summary>
    public bool IsWell => _isWell;

    /// <summary>Whether that number is reached.</summary>
    public bool IsFull => _policy.IsFull;

    /// <summary>Good answers of the service so far.</summary>
    public long GoodAnswers => _policy.Good;

    private long Now => _environment.TimeProvider.GetElapsedTime(_origin).Ticks;

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

    /// <summary>A request that has waited for the pace is sent.</summary>
    public void Send(GatePass pass)
    {
        if (_isUnguarded)
            return;
        lock (_lock)
            _policy.Send(pass, Now);
    }

    /// <summary>Waits for leave to send a request.</summary>
    /// <param name="timeLeft">The time until the deadline of the run that asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LookupEndedException">The gate opens after the deadline, or the patience with an outage is over.</exception>
    public ValueTask<GatePass> EnterAsync(TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            long now = Now;
            if (_waiters.Count == 0 && _policy.TryAdmit(now, out GatePass? pass))
                return new ValueTask<GatePass>(pass);
            if (now > _policy.PatienceEndsAt)
                throw new LookupEndedException(OutOfPatience());
            if (_policy.OpensAt - now > timeLeft.Ticks)
                throw new LookupEndedException(TooLate(now));
            GateWaiter waiter = new();
            _waiters.AddLast(waiter.Node);
            waiter.Cancellation = cancellationToken.UnsafeRegister((_, token) => Cancel(waiter, token), null);
            Admit(now);
            return new ValueTask<GatePass>(waiter.Task);
        }
    }

    /// <summary>Tells the gate what came of a request, and is told what that means.</summary>
    /// <returns>
    /// The meaning; <see cref="AnswerMeaning.Overloaded"/> is decided to be <see cref="AnswerMeaning.Throttled"/>, which spends no attempt, or
    /// <see cref="AnswerMeaning.Broken"/>.
    /// </returns>
    public AnswerMeaning Report(GatePass pass, in GateSignal signal)
    {
        bool isGood = signal.Meaning == AnswerMeaning.Good;
        bool isSampleDue = isGood && _policy.CountGood();
        if (isGood && !isSampleDue && _isUnguarded && _policy.IsWell && signal.Hint is null)
            return signal.Meaning;

        lock (_lock)
        {
            long now = Now;
            bool wasOutage = _policy.IsOutage;
            AnswerMeaning meaning = _policy.Learn(pass, signal, now);
            if (_policy.IsOutage && !wasOutage)
                _environment.Telemetry.OutageBegan();
            else if (wasOutage && !_policy.IsOutage)
                _environment.Telemetry.OutageEnded();
            Admit(now);
            return meaning;
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
        while (_waiters.First is { } first && _policy.TryAdmit(now, out GatePass? pass))
            Remove(first).SetResult(pass);
        while (now > _policy.PatienceEndsAt && _waiters.First is { } impatient)
            Remove(impatient).SetException(new LookupEndedException(OutOfPatience()));
        ShowState();
        if (_waiters.Count > 0)
            SetTimer(now);
    }

    private void ShowState()
    {
        _isUnguarded = _policy.IsOpen && _policy.Concurrency is null && _waiters.Count == 0;
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
        EnrichmentErrorKind.Outage, $"The service gave no good answer for longer than {_options.Patience.TotalSeconds:0.###} s (Gate.Patience).");

    private EnrichmentError TooLate(long now) => new(
        EnrichmentErrorKind.Deadline,
        $"The service is not to be asked for another {TimeSpan.FromTicks(_policy.OpensAt - now).TotalSeconds:0.#} s, and the run's deadline comes before.");
}
