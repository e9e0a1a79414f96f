namespace IssuerEnrichment.Lookups;

/// <summary>The lifetime of a run. It can end before all inputs are done: by its deadline, a stop, or a consumer that leaves.</summary>
internal sealed class RunLifetime : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan? _deadline;
    private readonly CancellationToken _stop;
    private readonly ITimer? _deadlineTimer;
    private readonly CancellationTokenRegistration _consumerLink;
    private readonly CancellationTokenRegistration _stopLink;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly long _startedAt;

    // Cached, because a run can end with millions of inputs left, all for the same reason.
    private EnrichmentError? _notAttempted;

    /// <param name="timeProvider">The clock.</param>
    /// <param name="deadline">The maximum duration of the run; null if there is none.</param>
    /// <param name="stop">Ends the run like a deadline.</param>
    /// <param name="consumer">Cancelled when the consumer abandons the run.</param>
    public RunLifetime(TimeProvider timeProvider, TimeSpan? deadline, CancellationToken stop, CancellationToken consumer)
    {
        _timeProvider = timeProvider;
        _startedAt = timeProvider.GetTimestamp();
        _deadline = deadline;
        _stop = stop;
        Calls = new CallTimer(timeProvider, _ending.Token);
        _consumerLink = consumer.UnsafeRegister(static lifetime => ((RunLifetime)lifetime!).Abandon(), this);
        _stopLink = _stop.UnsafeRegister(static lifetime => ((RunLifetime)lifetime!).End(), this);
        if (_deadline == TimeSpan.Zero)
            End();
        else if (deadline is { } time)
            _deadlineTimer = timeProvider.CreateTimer(static lifetime => ((RunLifetime)lifetime!).End(), this, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when nobody wants the outcomes any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Cancelled when no lookup may continue, for whatever reason.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Applies timeouts to the calls of the run.</summary>
    public CallTimer Calls { get; }

    public bool IsEnding => _ending.IsCancellationRequested;

    /// <summary>The time until the deadline; never negative.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            if (_deadline is not { } deadline)
                return TimeSpan.MaxValue;
            TimeSpan left = deadline - _timeProvider.GetElapsedTime(_startedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public long Now => _timeProvider.GetTimestamp();

    public TimeSpan ElapsedSince(long timestamp) => _timeProvider.GetElapsedTime(timestamp);

    /// <summary>Ends everything in flight. Cancellation callbacks of user code run on another thread.</summary>
    public async Task AbandonAsync()
    {
        await _abandoned.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Describes why the run ended, for an issuer without an outcome.</summary>
    public EnrichmentError Describe(int attempts) => attempts == 0
        ? _notAttempted ??= Describe("before the first attempt")
        : Describe($"during attempt {attempts}");

    public void Dispose()
    {
        _consumerLink.Unregister();
        _stopLink.Unregister();
        _deadlineTimer?.Dispose();
        Calls.Dispose();
    }

    private void Abandon()
    {
        Cancel(_abandoned);
        End();
    }

    private void End() => Cancel(_ending);

    // If a timer cancels, an exception would terminate the process.
    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
        }
    }

    private EnrichmentError Describe(string when) => _stop.IsCancellationRequested || _abandoned.IsCancellationRequested || _deadline is null
        ? new EnrichmentError(EnrichmentErrorKind.Stopped, $"The run was stopped {when}.")
        : new EnrichmentError(EnrichmentErrorKind.Deadline, $"The run's deadline of {_deadline.Value.TotalSeconds:0.###} s expired {when}.");
}
