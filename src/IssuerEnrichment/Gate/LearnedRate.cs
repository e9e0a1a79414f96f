using IssuerEnrichment.Http;

namespace IssuerEnrichment.Gate;

/// <summary>
/// Finds the rate that a service bears once it refuses: down at once to three quarters of what it bore, then carefully up again.
/// </summary>
/// <remarks>
/// Multiplicative decrease and probing growth as in TCP (D.-M. Chiu and R. Jain, 1989), with a plateau around the last refusal as in CUBIC
/// (RFC 9438), which the AWS SDKs' adaptive retry uses for rates: fast growth far from it, slow growth near it. Times are ticks of the gate's
/// clock. Not thread-safe, but for <see cref="CountGood"/> and <see cref="Good"/>.
/// </remarks>
internal sealed class LearnedRate
{
    private const double Decrease = 0.75;
    private const double FastGrowth = 0.20;
    private const double SlowGrowth = 0.03;
    private const double Lowest = 0.2;
    private const int SampleSize = 64;

    // A delivered rate seen over less time, in seconds, says more about the moment than about the service.
    private const double ShortestSample = 0.1;

    // What a stated quota is used to; the rest is for what is under way.
    private const double Margin = 0.98;

    // Timers are coarse: slots missed by this little are made up for, so that a late wake-up does not lose rate.
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;

    private volatile bool _isPaused = true;
    private double? _perSecond;
    private double _refusedAt;
    private long _grownAt;
    private long _nextSlot;
    private long _good;
    private Sample _sample;
    private Sample _previousSample;
    private long? _refusalAt;

    public bool IsPaused => _isPaused;

    /// <summary>Requests a second; null where there is no limit.</summary>
    public double? PerSecond => _perSecond;

    /// <summary>Good answers so far.</summary>
    public long Good => Interlocked.Read(ref _good);

    /// <summary>When the next request may go.</summary>
    public long NextSlot => _perSecond is null ? 0 : _nextSlot;

    public void Take(long now)
    {
        if (_perSecond is { } rate)
            _nextSlot = Math.Max(_nextSlot, now - CatchUp) + (long)(TimeSpan.TicksPerSecond / rate);
    }

    /// <summary>Counts a good answer; true where a sample of the delivered rate is due. Thread-safe.</summary>
    public bool CountGood() => Interlocked.Increment(ref _good) % SampleSize == 1;

    public void TakeSample(long now) => (_previousSample, _sample) = (_sample, new Sample(now, Good));

    /// <summary>What was delivered so far no longer counts, and the clock stands still until the next answer: time without requests is no evidence.</summary>
    public void Pause() => _isPaused = true;

    /// <summary>Starts the clock, if it stands still, at the first answer of whatever kind.</summary>
    public void Resume(long now)
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        RestartSample(now);
    }

    /// <summary>The service refused. What that means for the rate is settled when it answers again, for good answers are still under way.</summary>
    public void Refuse(long now) => _refusalAt ??= now;

    /// <summary>The service answers again: send less than when it refused.</summary>
    public void SettleRefusal(long now)
    {
        if (_refusalAt is not { } refusalAt)
            return;
        double seconds = Math.Max(ShortestSample, TimeSpan.FromTicks(refusalAt - _previousSample.At).TotalSeconds);
        _refusedAt = Math.Max(Lowest, _perSecond ?? (Good - _previousSample.Good) / seconds);
        _perSecond = Math.Max(Lowest, Decrease * _refusedAt);
        _grownAt = now;
        _refusalAt = null;
        RestartSample(now);
    }

    /// <summary>The service answered: grow with the time that has passed, until the limit is of no consequence any more.</summary>
    public void Grow(long now)
    {
        if (_perSecond is not { } rate)
            return;
        double seconds = Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds);
        double growth = rate > 0.85 * _refusedAt && rate < 1.15 * _refusedAt ? SlowGrowth : FastGrowth;
        _grownAt = now;
        _perSecond = rate > 4 * _refusedAt ? null : rate * (1 + (growth * seconds));
    }

    /// <summary>The service says how much is left: when that is little, spread it, before it refuses.</summary>
    public void Heed(in RateQuota quota, long now)
    {
        if (quota.Remaining is not { } remaining || quota.Limit is not { } limit || remaining > Math.Max(1, limit / 10))
            return;
        double? bearable = quota switch
        {
            { Window.TotalSeconds: > 0 and var window } => Margin * limit / window,
            { Reset.TotalSeconds: > 1 and var reset } => remaining / reset,
            _ => null, // A reset within a second is mostly rounding.
        };
        if (bearable is not { } rate || rate >= _perSecond)
            return;
        _perSecond = _refusedAt = Math.Max(Lowest, rate);
        _grownAt = now;
    }

    private void RestartSample(long now) => _sample = _previousSample = new Sample(now, Good);

    private readonly record struct Sample(long At, long Good);
}
