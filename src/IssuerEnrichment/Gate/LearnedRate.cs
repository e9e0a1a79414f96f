using IssuerEnrichment.Http;

namespace IssuerEnrichment.Gate;

/// <summary>
/// Finds the rate that a service bears once it refuses: down at once to three quarters of what was sent, then carefully up again.
/// </summary>
/// <remarks>
/// Two refusals tell more. Between its opening and a refusal a service with a token bucket answers as many requests as the bucket holds and as come in
/// meanwhile; of two such times the longer one's surplus of answers, over its surplus of time, is the rate, whatever the bucket holds.
/// <para>
/// Multiplicative decrease and probing growth as in TCP (D.-M. Chiu and R. Jain, 1989), with a plateau around the last refusal as in CUBIC
/// (RFC 9438), which the AWS SDKs' adaptive retry uses for rates: fast growth far from it, slow growth near it. Times are ticks of the gate's
/// clock. Not thread-safe, but for <see cref="CountGood"/> and <see cref="Good"/>.
/// </para>
/// </remarks>
internal sealed class LearnedRate
{
    private const double Decrease = 0.75;
    private const double FastGrowth = 0.20;
    private const double SlowGrowth = 0.03;

    // The same two for a rate that two refusals told.
    private const double DecreaseOfKnown = 0.98;
    private const double SlowGrowthOfKnown = 0.003;

    private const double Lowest = 0.2;
    private const int SampleSize = 64;

    // A delivered rate seen over less time, in seconds, says more about the moment than about the service.
    private const double ShortestSample = 0.1;

    // Nor do two openings that hardly differ.
    private const double ShortestDifference = 0.15;

    // What a stated quota is used to; the rest is for what is under way.
    private const double Margin = 0.98;

    // Timers are coarse: slots missed by this little are made up for, so that a late wake-up does not lose rate.
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;

    // Resets are told in whole seconds, of two clocks: over less time than this, a remainder spread up to one is wrong by more than a tenth.
    private static readonly TimeSpan ShortestSpread = TimeSpan.FromSeconds(10);

    private volatile bool _isPaused = true;
    private double? _perSecond;
    private double _refusedAt;

    // What is left of a quota, over the time to its reset; a limit until then, or until more is left.
    private double? _spread;
    private long _spreadEndsAt;

    private long _grownAt;
    private long _lastSlot;
    private long _good;
    private Sample _sample;
    private Sample _previousSample;
    private long? _refusalAt;
    private long _lastGoodAt;
    private Sample? _openedAt;
    private Opening? _shortest;
    private bool _isKnown;

    public bool IsPaused => _isPaused;

    /// <summary>Requests a second that the service was found to bear; null where there is no limit.</summary>
    public double? PerSecond => _perSecond;

    /// <summary>Whether nothing limits the rate.</summary>
    public bool IsUnlimited => _perSecond is null && _spread is null;

    /// <summary>Good answers so far.</summary>
    public long Good => Interlocked.Read(ref _good);

    /// <summary>When the next request may go.</summary>
    public long NextSlot => Math.Max(SlotAt(_perSecond), Math.Min(SlotAt(_spread), _spreadEndsAt));

    public void Take(long now) => _lastSlot = Math.Max(NextSlot, now - CatchUp);

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

    /// <summary>
    /// It is the rate that holds requests back. As long as their number did, the service was sent less, and its bucket ran over: only from here on does
    /// what it answers tell what it bears.
    /// </summary>
    public void HoldBack(long now) => _openedAt ??= new Sample(now, Good);

    /// <summary>The service refused. What that means for the rate is settled when it answers again, for good answers are still under way.</summary>
    public void Refuse(long now) => _lastGoodAt = _refusalAt ??= now;

    /// <summary>A good answer comes that was under way when the service refused.</summary>
    public void HearLate(long now) => _lastGoodAt = now;

    /// <summary>The service answers again: send less than when it refused.</summary>
    public void SettleRefusal(long now)
    {
        if (_refusalAt is not { } refusalAt)
            return;
        double seconds = Math.Max(ShortestSample, SecondsBetween(_previousSample.At, _lastGoodAt));
        double sent = _perSecond ?? (Good - _previousSample.Good) / seconds;
        double? borne = _openedAt is { } opened ? Compare(new Opening(SecondsBetween(opened.At, _lastGoodAt), Good - opened.Good)) : null;
        _isKnown = borne >= Decrease * sent && borne <= sent;
        _refusedAt = Math.Max(Lowest, _isKnown ? borne!.Value : sent);
        _perSecond = Math.Max(Lowest, (_isKnown ? DecreaseOfKnown : Decrease) * _refusedAt);
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
        double growth = rate > 0.85 * _refusedAt && rate < 1.15 * _refusedAt ? (_isKnown ? SlowGrowthOfKnown : SlowGrowth) : FastGrowth;
        _grownAt = now;
        _perSecond = rate > 4 * _refusedAt ? null : rate * (1 + (growth * seconds));
    }

    /// <summary>The service says how much is left: when that is little, spread it, before it refuses.</summary>
    public void Heed(in RateQuota quota, long now)
    {
        if (quota.Remaining is not { } remaining || quota.Limit is not { } limit)
            return;
        _spread = null;
        if (remaining > Math.Max(1, limit / 10))
            return;
        if (quota.Window is { TotalSeconds: > 0 and var window })
            Keep(Margin * limit / window, now);
        else if (quota.Reset >= ShortestSpread)
            (_spread, _spreadEndsAt) = (remaining / quota.Reset.Value.TotalSeconds, now + quota.Reset.Value.Ticks);
    }

    private void Keep(double rate, long now)
    {
        if (rate >= _perSecond)
            return;
        _perSecond = _refusedAt = Math.Max(Lowest, rate);
        _grownAt = now;
    }

    // The shortest opening is mostly what the bucket held, so it is the one to compare all others with.
    private double? Compare(Opening opening)
    {
        if (_shortest is not { } shortest || opening.Seconds <= shortest.Seconds)
        {
            _shortest = opening;
            return null;
        }

        double longer = opening.Seconds - shortest.Seconds;
        return longer < ShortestDifference ? null : (opening.Good - shortest.Good) / longer;
    }

    private long SlotAt(double? rate) => rate is { } perSecond ? _lastSlot + (long)Math.Min(TimeSpan.TicksPerSecond / perSecond, TimeSpan.TicksPerDay) : 0;

    private void RestartSample(long now)
    {
        _sample = _previousSample = new Sample(now, Good);
        _openedAt = _perSecond is null ? _sample : null;
    }

    private static double SecondsBetween(long from, long to) => TimeSpan.FromTicks(to - from).TotalSeconds;

    /// <summary>The time from the first good answer to the last that was sent before a refusal, and the good answers in it.</summary>
    private readonly record struct Opening(double Seconds, long Good);

    private readonly record struct Sample(long At, long Good);
}
