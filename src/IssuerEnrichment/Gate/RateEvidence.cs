namespace IssuerEnrichment.Gate;

/// <summary>What the good answers of a service tell of the rate that it bears.</summary>
/// <remarks>
/// A service with a token bucket answers, from its opening to a refusal, as many requests as the bucket holds and as come in meanwhile. So of two such
/// times the longer one's surplus of answers, over its surplus of time, is the rate, whatever the bucket holds. And where every answer says how much is
/// left, the rate is what was answered less what is gone, with no refusal at all. Times are ticks of the gate's clock. Not thread-safe.
/// </remarks>
internal sealed class RateEvidence
{
    private const int MostMarks = 32;
    private const long FirstStep = 50 * TimeSpan.TicksPerMillisecond;

    // Two times that differ by less, in seconds, tell more about the moment than about the service.
    private const double ShortestDifference = 0.15;

    // Answers come, in seconds, so much earlier or later than the service counted them.
    private const double TimeError = 0.02;

    // Until code is compiled and connections are made, answers are slow to be read: of the first opening so much, in seconds, may be that.
    private const double SlowStart = 0.1;

    // A guess takes for what the bucket held what comes in within so many seconds, and is a little lower, for no refusal is better than a second one.
    private const double GuessedBucket = 0.1;
    private const double CautionOfGuess = 0.8;
    private const double LeastDoubtOfGuess = 0.1;

    // A remainder that is smaller by less may be that of an answer that was overtaken.
    private const int LeastSunk = 3;

    // From where on answers may be counted.
    private readonly List<Mark> _marks = new(MostMarks);
    private bool _counts;
    private long _step;

    private Answered? _shortest;
    private double _shortestError;
    private Mark? _refusal;

    private long? _remaining;
    private long _fullest;
    private bool _fillsAtOnce;

    /// <summary>Whether the bucket stays full, so that more comes in than is sent. Only one that is not tiny sinks slowly enough to be seen in time.</summary>
    public bool IsFull => _fullest >= 4 * LeastSunk && _remaining >= _fullest - 1 && !_fillsAtOnce;

    /// <summary>The service opens, or what it answered before no longer counts.</summary>
    /// <param name="from">From where its answers count; null where they do not yet.</param>
    public void Open(Mark? from)
    {
        _remaining = null;
        _fillsAtOnce = false;
        Restart(from);
    }

    /// <summary>From the next answer on they count, if they did not yet.</summary>
    public void Count() => _counts = true;

    /// <summary>Answers may also be counted from here on. The farther back, the fewer such marks are kept.</summary>
    public void Add(Mark mark)
    {
        if (!_counts || (_marks is [.., var last] && mark.At - last.At < _step))
            return;
        if (_marks.Count == MostMarks)
        {
            for (int i = 1; i < _marks.Count; i++)
                _marks.RemoveAt(i);
            _step *= 2;
        }

        _marks.Add(mark with { Remaining = _remaining });
    }

    /// <summary>
    /// What the first refusal tells: not much, for most of what was answered before may be what the bucket held. The longer that took, the less it is
    /// known what part of it the service took, and what part the client.
    /// </summary>
    public FoundRate Guess(Answered sent)
    {
        double seconds = Math.Max(0, sent.Seconds - MostDelayOf(sent));
        double doubt = Math.Max(FoundRate.DoubtOf(1 + sent.Good), (2 * sent.Seconds) - SlowStart);
        return new FoundRate(CautionOfGuess * (1 + sent.Good) / (seconds + GuessedBucket), Math.Clamp(doubt, LeastDoubtOfGuess, FoundRate.MostDoubt));
    }

    /// <summary>The service refused, after its last good answer: compares this opening with the shortest one.</summary>
    public FoundRate? FindByRefusal(Mark last)
    {
        if (_marks is not [var first, ..])
            return null;
        Answered opening = last - first;
        if (opening.Seconds < 0)
            return null;
        if (_shortest is not { } shortest || opening.Seconds <= shortest.Seconds)
        {
            // It is mostly what the bucket held, so it is the one to compare all others with.
            double delay = MostDelayOf(opening) / 2;
            _shortest = opening with { Seconds = opening.Seconds - delay };
            _shortestError = TimeError + delay;
            return null;
        }

        // While less was sent than the service bears, its bucket ran over, and what was answered tells too little: the mark that tells most is the one
        // from which on it was more.
        Answered most = default;
        foreach (Mark mark in _marks)
            if (last - mark - shortest is { Seconds: >= ShortestDifference } surplus && surplus.PerSecond > most.PerSecond)
                most = surplus;

        return most.Good > 0 ? new FoundRate(most, _shortestError) : null;
    }

    /// <summary>The rate from the last refusal to this one, pauses included: what comes in is no less. Null where there was none.</summary>
    public FoundRate? EndOpening(Mark last)
    {
        Answered borne = _refusal is { } refusal ? last - refusal : default;
        _refusal = last;
        return borne.PerSecond > 0 ? new FoundRate(borne, TimeError) : null;
    }

    /// <summary>The service says how much is left: once half is gone, what came in is what was answered less what is gone.</summary>
    public FoundRate? FindByQuota(Mark now, long remaining)
    {
        // A window, unlike a bucket, is full again all at once, and tells nothing before.
        _fillsAtOnce |= remaining - _remaining > Math.Max(LeastSunk, _fullest / 4);
        _remaining = remaining;
        _fullest = Math.Max(_fullest, remaining);
        if (_fillsAtOnce || remaining > _fullest / 2)
            return null;
        Answered most = default;
        foreach (Mark mark in _marks)
        {
            // Of a full bucket it is not known how long it has been running over.
            long sunk = mark.Remaining < _fullest - 1 ? mark.Remaining.Value - remaining : 0;
            Answered filled = now - mark;
            filled = filled with { Good = filled.Good - sunk };
            if (sunk >= LeastSunk && filled.Good >= sunk && filled.Seconds >= ShortestDifference && filled.PerSecond > most.PerSecond)
                most = filled;
        }

        return most.Good > 0 ? new FoundRate(most, TimeError) : null;
    }

    /// <summary>The rate changes here: what was answered before no longer counts.</summary>
    public void Restart(Mark? from)
    {
        _marks.Clear();
        _counts = from is not null;
        _step = FirstStep;
        if (from is { } mark)
            _marks.Add(mark with { Remaining = _remaining });
    }

    private double MostDelayOf(Answered opening) => _refusal is null ? Math.Clamp(opening.Seconds, 0, SlowStart) : 0;

    /// <summary>A time, and the good answers until then.</summary>
    /// <param name="At">The time.</param>
    /// <param name="Good">The good answers so far.</param>
    /// <param name="Remaining">How many more the service then allowed, where it said.</param>
    public readonly record struct Mark(long At, long Good, long? Remaining = null)
    {
        public static Answered operator -(Mark end, Mark begin) => new(TimeSpan.FromTicks(end.At - begin.At).TotalSeconds, end.Good - begin.Good);
    }

    /// <summary>The good answers of a time.</summary>
    public readonly record struct Answered(double Seconds, long Good)
    {
        public double PerSecond => Good > 0 && Seconds > 0 ? Good / Seconds : 0;

        public static Answered operator -(Answered longer, Answered shorter) => new(longer.Seconds - shorter.Seconds, longer.Good - shorter.Good);
    }
}
