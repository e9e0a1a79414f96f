using System.Threading.RateLimiting;

namespace IssuerEnrichment.Throttling;

/// <summary>A rate limiter that starts requests as fast as a <see cref="RateLimit"/> allows. Other requests wait in order of arrival.</summary>
/// <remarks>
/// A permit starts at the earliest time that all limits allow, and never before it. The permits of one lease start together. A cancelled waiter does
/// not delay those behind it. The token bucket of .NET differs: it reads the system clock whatever the <see cref="TimeProvider"/> (dotnet/runtime
/// issue 106447), sends a full bucket in one burst, and rejects requests when its queue is full. The queue of this limiter is unbounded:
/// <see cref="RateLimiter.AcquireAsync"/> returns an acquired lease unless it is cancelled. If the limiter is disposed of, waiters get an
/// <see cref="ObjectDisposedException"/>. Thread-safe.
/// </remarks>
public sealed class PacingRateLimiter : RateLimiter
{
    private readonly Lock _lock = new();
    private readonly WaiterQueue _queue = new();
    private readonly CombinedSchedule _schedule;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private long _rejected;
    private bool _disposed;

    /// <summary>Creates a limiter with all permits available.</summary>
    /// <param name="limit">The limits, all of which apply.</param>
    /// <param name="timeProvider">The clock and the timer.</param>
    public PacingRateLimiter(RateLimit limit, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Limit = limit;
        _schedule = new CombinedSchedule(limit);
        _time = timeProvider;
        _origin = timeProvider.GetTimestamp();
        _timer = PreciseTimer.Create(timeProvider, GrantDue);
    }

    /// <summary>Gets how long all permits have been available; null while some are taken or waited for.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_lock)
                return _queue.First is null && Now - _schedule.AllFreeAt is >= 0 and var idle ? new TimeSpan(idle) : null;
        }
    }

    /// <summary>Gets the limits.</summary>
    internal RateLimit Limit { get; }

    private long Now => _time.GetElapsedTime(_origin).Ticks;

    /// <summary>Gets the number of available permits, of permits waited for, and of leases granted and rejected so far.</summary>
    public override RateLimiterStatistics GetStatistics()
    {
        lock (_lock)
        {
            return new RateLimiterStatistics
            {
                CurrentAvailablePermits = _queue.First is null ? _schedule.CountFree(Now) : 0,
                CurrentQueuedCount = _queue.Permits,
                TotalSuccessfulLeases = _schedule.Leases,
                TotalFailedLeases = _rejected,
            };
        }
    }

    /// <summary>Returns the minimum wait for permits requested now, behind all current waiters.</summary>
    internal TimeSpan EstimateWait(int permits = 1)
    {
        lock (_lock)
            return WaitFor(_queue.Permits + Math.Max(permits, 1), Now);
    }

    /// <summary>Returns the minimum time until the last of a number of requests may start, behind all current waiters.</summary>
    internal TimeSpan LeastTime(long requests)
    {
        if (requests == 0)
            return TimeSpan.Zero;
        lock (_lock)
        {
            long now = Now;
            TimeSpan afterTheFirst = WaitFor(_queue.Permits + 1, now) + new TimeSpan(_schedule.LeastSpan(requests));
            TimeSpan byEachLimit = WaitFor(_queue.Permits + requests, now);
            return afterTheFirst > byEachLimit ? afterTheFirst : byEachLimit;
        }
    }

    /// <summary>Waits for one permit. If it is no longer wanted, the lease is not acquired, and no permit is used.</summary>
    internal ValueTask<RateLimitLease> AcquireAsync(Func<bool> isWanted, CancellationToken cancellationToken)
    {
        lock (_lock)
            return TryStartAtOnce(1) ? new(PacingLease.Acquired) : new(Enqueue(1, isWanted, cancellationToken));
    }

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_lock)
        {
            if (TryStartAtOnce(permitCount))
                return PacingLease.Acquired;
            _rejected++;
            return new PacingLease(EstimateWait(permitCount));
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        lock (_lock)
            return TryStartAtOnce(permitCount) ? new(PacingLease.Acquired) : new(Enqueue(permitCount, isWanted: null, cancellationToken));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // There is no finalizer: false means DisposeAsync, which must do the same.
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
            while (_queue.First is { } waiter && _queue.Remove(waiter))
                waiter.SetException(new ObjectDisposedException(nameof(PacingRateLimiter)));
        }

        base.Dispose(disposing);
    }

    private bool TryStartAtOnce(int permitCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, _schedule.MaxPermits);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _queue.First is null && _schedule.TryTake(permitCount, Now, Now);
    }

    private Task<RateLimitLease> Enqueue(int permits, Func<bool>? isWanted, CancellationToken cancellationToken)
    {
        Waiter waiter = new(permits, Now, isWanted);
        _queue.Add(waiter);
        waiter.Cancellation = cancellationToken.UnsafeRegister((_, token) => Cancel(waiter, token), null);
        GrantDue();
        return waiter.Task;
    }

    private void Cancel(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_queue.Remove(waiter))
                waiter.SetCanceled(cancellationToken);
            GrantDue();
        }
    }

    private void GrantDue()
    {
        lock (_lock)
        {
            while (_queue.First is { } first)
            {
                bool isWanted = first.IsWanted is not { } ask || ask();
                if (isWanted && !_schedule.TryTake(first.Permits, first.Since, Now))
                    break;
                _queue.Remove(first);
                first.SetResult(isWanted ? PacingLease.Acquired : new PacingLease(TimeSpan.Zero));
            }

            // Rounded up, because timers truncate to milliseconds and this one would fire early repeatedly.
            if (_queue.First is { } next)
                _timer.Change(RoundUp(WaitFor(next.Permits, next.Since)), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan WaitFor(long permits, long since) => new(Math.Max(0, _schedule.Earliest(permits, since) - Now));

    private static TimeSpan RoundUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}
