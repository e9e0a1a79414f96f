using IssuerEnrichment.Http;
using static IssuerEnrichment.Gate.RateEvidence;

namespace IssuerEnrichment.Gate;

/// <summary>Finds the rate that a service bears once it refuses: down at once, to what its answers tell, then carefully up again.</summary>
/// <remarks>
/// There is a plateau around the rate that was found, as around the last loss in CUBIC (RFC 9438), which the AWS SDKs' adaptive retry uses for rates:
/// slow growth near it, the slower the surer it is, and fast growth far from it. Where the answers tell nothing, it is multiplicative decrease and
/// probing growth as in TCP (D.-M. Chiu and R. Jain, 1989), but never below what the service bore from one refusal to the next. Times are ticks of the
/// gate's clock. Not thread-safe, but for <see cref="CountGood"/> and <see cref="Good"/>.
/// </remarks>
internal sealed class LearnedRate
{
    // What a refused rate is lowered to if nothing tells how much too high it was.
    private const double Decrease = 0.75;

    // As shares a second; near the rate that was found what is doubtful grows faster than what is sure.
    private const double FastGrowth = 1;
    private const double SlowestGrowth = 0.0015;

    // How far the truth may be from a rate that the service states, as a share.
    private const double DoubtOfStated = 0.04;

    private const double Lowest = 0.2;
    private const int SampleSize = 64;

    // Timers are coarse: slots missed by this little are made up for, so that a late wake-up does not lose rate.
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;

    // Resets are told in whole seconds, of two clocks: over less time than this, a remainder spread up to one is wrong by more than a tenth.
    private static readonly TimeSpan ShortestSpread = TimeSpan.FromSeconds(10);

    private readonly RateEvidence _evidence = new();
    private volatile bool _isPaused = true;
    private double? _perSecond;
    private FoundRate _found;
    private double? _stated;

    // What is left of a quota, over the time to its reset; a limit until then, or until more is left.
    private double? _spread;
    private long _spreadEndsAt;

    private long _grownAt;
    private long _lastSlot;
    private long _good;
    private Mark _sample;
    private Mark _previousSample;
    private long? _refusalAt;
    private long _lastGoodAt;

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

    public void TakeSample(long now) => (_previousSample, _sample) = (_sample, new Mark(now, Good));

    /// <summary>What was delivered so far no longer counts, and the clock stands still until the next good answer: time without requests is no evidence.</summary>
    public void Pause() => _isPaused = true;

    /// <summary>Starts the clock, if it stands still, at the first good answer; a refusal may come sooner, for it is quicker.</summary>
    public void Resume(long now)
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        Open(new Mark(now, Good));
    }

    /// <summary>
    /// It is the rate that holds requests back. As long as their number did, the service was sent less, and its bucket ran over: only from here on does
    /// what it answers tell what it bears.
    /// </summary>
    public void HoldBack() => _evidence.Count();

    /// <summary>The service refused. What that means for the rate is settled when it answers again, for good answers are still under way.</summary>
    public void Refuse(long now) => _lastGoodAt = _refusalAt ??= now;

    /// <summary>A good answer comes that was under way when the service refused.</summary>
    public void HearLate(long now) => _lastGoodAt = now;

    /// <summary>The service answers again: send less than when it refused.</summary>
    public void SettleRefusal(long now)
    {
        if (_refusalAt is null)
            return;
        Mark last = new(_lastGoodAt, Good);
        FoundRate guess = _evidence.Guess(last - _previousSample);
        FoundRate? found = _evidence.FindByRefusal(last);
        FoundRate? borne = _evidence.EndOpening(last);
        if (_perSecond is not { } sent)
            Settle(found ?? guess, found?.Careful ?? guess.PerSecond);
        else if (found is { } told && told.PerSecond <= sent)
            Settle(told with { PerSecond = Math.Max(told.PerSecond, borne?.PerSecond ?? 0) });
        else
            Settle(new FoundRate(sent, FoundRate.MostDoubt), Math.Max(Decrease * sent, Math.Min(borne?.Careful ?? 0, FoundRate.Margin * sent)));
        _grownAt = _lastSlot = now;
        _refusalAt = null;
        Open(new Mark(now, Good));
    }

    /// <summary>The service answered: grow with the time that has passed, until the limit is of no consequence any more.</summary>
    public void Grow(long now)
    {
        if (_perSecond is not { } rate)
            return;
        double seconds = Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds);
        bool isNear = Math.Abs((rate / _found.PerSecond) - 1) < 1 - FoundRate.Margin + _found.Doubt;
        bool isLow = _evidence.IsFull || (_found.Doubt > DoubtOfStated && rate < FoundRate.Margin * _stated);
        double growth = isNear && !isLow ? SlowestGrowth + (_found.Doubt * _found.Doubt) : FastGrowth;
        _grownAt = now;
        _perSecond = rate > 4 * _found.PerSecond ? null : rate * Math.Pow(1 + growth, seconds);
    }

    /// <summary>The service answered: a mark from which on its answers may be counted.</summary>
    public void Remember(long now) => _evidence.Add(new Mark(now, Good));

    /// <summary>The service says how much is left: when that is little, send less, before it refuses.</summary>
    public void Heed(in RateQuota quota, long now)
    {
        if (quota.Remaining is not { } remaining || quota.Limit is not { } limit)
            return;
        bool isLittle = remaining <= Math.Max(1, limit / 10);
        _stated = quota.Window is { TotalSeconds: > 0 and var window } ? limit / window : null;
        if (_stated is { } stated)
            Keep(isLittle ? new FoundRate(stated, DoubtOfStated) : null, now);
        else
            Keep(_evidence.FindByQuota(new Mark(now, Good), remaining), now);
        if (!isLittle)
            _spread = null;
        else if (quota.Window is null && quota.Reset >= ShortestSpread)
            (_spread, _spreadEndsAt) = (remaining / quota.Reset.Value.TotalSeconds, now + quota.Reset.Value.Ticks);
    }

    private void Keep(FoundRate? found, long now)
    {
        if (found is not { } rate || rate.PerSecond >= _perSecond)
            return;
        Settle(rate);
        _grownAt = now;
        _evidence.Restart(new Mark(now, Good));
    }

    private void Settle(FoundRate found) => Settle(found, found.Careful);

    private void Settle(FoundRate found, double perSecond)
    {
        _found = found with { PerSecond = Math.Max(Lowest, found.PerSecond) };
        _perSecond = Math.Max(Lowest, perSecond);
    }

    private long SlotAt(double? rate) => rate is { } perSecond ? _lastSlot + (long)Math.Min(TimeSpan.TicksPerSecond / perSecond, TimeSpan.TicksPerDay) : 0;

    private void Open(Mark from)
    {
        _sample = _previousSample = from;
        _evidence.Open(_perSecond is null ? from : null);
    }
}
