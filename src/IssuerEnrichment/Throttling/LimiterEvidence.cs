namespace IssuerEnrichment.Throttling;

/// <summary>When a service accepted requests and when it refused them, and which token buckets explain that.</summary>
/// <remarks>
/// A bucket of a burst <c>b</c> and a rate <c>r</c> accepts at most <c>b + r·d</c> requests in any time <c>d</c> (ITU-T I.371, the generic cell rate
/// algorithm), and refuses one only where that would be exceeded. So for each burst what was accepted gives a lower bound of the rate, and each refusal
/// an upper one; a burst whose bounds contradict each other is not the service's. Windows look like buckets at any even pace. Times are ticks. Not
/// thread-safe.
/// </remarks>
internal sealed class LimiterEvidence
{
    private const int MostMarks = 160;
    private const int MostRefusals = 32;

    // Requests arrive, in ticks, so much earlier or later than their spacing when they were sent.
    internal const long Jitter = 1 * TimeSpan.TicksPerMillisecond;

    // By how much the bounds of the true limiter may contradict each other, for times are never exact; and those of one that nearly explains everything.
    private const double Tolerance = 1.05;
    private const double MostConflict = 1.3;

    private static readonly int[] Bursts = [1, 2, 3, 5, 8, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320, 400, 512];

    private readonly List<Mark> _accepted = new(MostMarks + 1);
    private readonly List<Refusal> _refused = new(MostRefusals + 1);
    private int _burst = int.MaxValue;

    /// <summary>Requests were accepted, the last of them at this time.</summary>
    public void Accept(long at, int count, long blur = Jitter)
    {
        if (_accepted is [.., var last] && last.Blur > Jitter && blur > Jitter && at - last.At < blur)
        {
            _accepted[^1] = last with { Count = last.Count + count };
            return;
        }

        int place = _accepted.Count;
        while (place > 0 && _accepted[place - 1].At > at)
            place--;
        _accepted.Insert(place, new Mark(at, count, blur, Since: at));
        if (_accepted.Count > MostMarks)
            Thin();
    }

    /// <summary>A request was refused.</summary>
    public void Refuse(long at, long blur = Jitter)
    {
        if (_refused is [.., var last] && at - last.At < Jitter)
            return;
        _refused.Add(new Refusal(at, blur));
        if (_refused.Count > MostRefusals)
            _refused.RemoveAt(0);
    }

    /// <summary>What was refused since this time was not for a limit.</summary>
    public void ForgetRefused(long since) => _refused.RemoveAll(refusal => refusal.At >= since);

    /// <summary>What was recorded so far happened earlier: the time of an answer stood for that of its request.</summary>
    public void ShiftAccepted(long by)
    {
        for (int i = 0; i < _accepted.Count; i++)
            _accepted[i] = _accepted[i] with { At = _accepted[i].At - by, Since = _accepted[i].Since - by };
    }

    /// <summary>The requests accepted in a time.</summary>
    public int CountAccepted(long from, long to)
    {
        int sum = 0;
        foreach (Mark mark in _accepted)
            if (mark.At > from && mark.At <= to)
                sum += mark.Count;
        return sum;
    }

    /// <summary>The rates of all limiters that explain what was recorded; of the one that nearly does, if none does.</summary>
    /// <param name="openedAt">When the gate opened for the last time before the last refusal.</param>
    public RateBounds Fit(long openedAt)
    {
        // What was accepted later refutes an old refusal: its request was late, or early, or the service has changed.
        RateBounds bounds = Explain(out double conflict);
        while (conflict > Tolerance && _refused.FindIndex(refusal => refusal.Blur == Jitter) is >= 0 and var oldest && oldest < _refused.Count - 1)
        {
            _refused.RemoveAt(oldest);
            bounds = Explain(out conflict);
        }

        // Otherwise the times are wrong, as those of first requests are. They are forgotten, but not how much the service took at once.
        if (!bounds.IsExplained)
        {
            _refused.RemoveAll(refusal => refusal.At < openedAt);
            _accepted.RemoveAll(mark => mark.At < openedAt);
            bounds = Explain(out _, 1.5 * _burst);
        }

        // The largest bucket is the likely one only if the service was seen to take so many at once.
        if (_burst == int.MaxValue)
            bounds = bounds with { Likely = (bounds.Low, bounds.High) };
        _burst = bounds.IsExplained ? bounds.Burst : _burst;
        return bounds;
    }

    /// <summary>Whether a service of this rate throttled what any bucket of more than a few accepts.</summary>
    public bool IsNarrow(double perSecond) => High(Totals(), RateBounds.Few + 1) * Tolerance < perSecond;

    private RateBounds Explain(out double leastConflict, double mostBurst = double.MaxValue)
    {
        long[] total = Totals();
        double floor = Floor(total);
        RateBounds all = new(double.PositiveInfinity, 0) { Floor = floor };
        RateBounds best = new(floor, double.PositiveInfinity) { Floor = floor, Burst = int.MaxValue };
        leastConflict = MostConflict;
        foreach (int burst in Bursts.TakeWhile(burst => burst <= mostBurst))
        {
            double low = Math.Max(floor, Low(total, burst));
            double high = High(total, burst);
            double conflict = high > 0 ? low / high : double.PositiveInfinity;
            if (conflict <= Tolerance)
                all = new(Math.Min(all.Low, low), Math.Max(all.High, high)) { Likely = (low, high), Floor = floor, Burst = burst };
            if (conflict < leastConflict)
                (leastConflict, best) = (conflict, new(Math.Min(low, high), Math.Max(low, high)) { Floor = floor, Burst = burst });
        }

        (double windowLow, double windowHigh) = Window(total);
        if (windowLow > RateBounds.Few && windowHigh > 0)
            leastConflict = Math.Min(leastConflict, windowLow / windowHigh);
        if (windowLow > RateBounds.Few && windowLow <= windowHigh * Tolerance)
            all = new(Math.Min(all.Low, windowLow), Math.Max(all.High, windowHigh))
            {
                Likely = (windowLow, windowHigh),
                Floor = floor,
                Burst = Math.Max(all.Burst, (int)windowLow),
                IsWindow = true,
            };
        return all.High > 0 ? all : best;
    }

    private long[] Totals()
    {
        long[] total = new long[_accepted.Count];
        long sum = 0;
        for (int i = 0; i < total.Length; i++)
            total[i] = sum += _accepted[i].Count;
        return total;
    }

    // An empty bucket, which a refusal shows, accepts no more than what flows in.
    private double Floor(long[] total)
    {
        double most = 0;
        foreach ((long refusedAt, long blur) in _refused)
        {
            if (blur > Jitter)
                continue;
            long before = TotalAt(total, refusedAt);
            for (int j = total.Length - 1; j >= 0 && _accepted[j].At > refusedAt + (250 * TimeSpan.TicksPerMillisecond); j--)
                most = Math.Max(most, (total[j] - before - 1) / Seconds(_accepted[j].At - refusedAt + Jitter));
        }

        return most;
    }

    private double Low(long[] total, int burst)
    {
        double most = 0;
        for (int j = 0; j < total.Length; j++)
            for (int i = 0; i < j && total[j] - total[i] + Own(i) > burst; i++)
                most = Math.Max(most, (total[j] - total[i] + Own(i) - burst) / Seconds(_accepted[j].At - _accepted[i].At + _accepted[j].Blur + _accepted[i].Blur));
        return most;
    }

    private double High(long[] total, int burst)
    {
        double least = double.PositiveInfinity;
        foreach ((long at, long blur) in _refused)
        {
            long before = TotalAt(total, at + blur);
            double most = 0;
            for (int i = 0; i < total.Length && _accepted[i].At <= at + blur; i++)
            {
                Mark mark = _accepted[i];
                long after = before - total[i] + 1 - burst;
                most = Math.Max(most, Math.Max(
                    RateOf(after + Own(i), at - mark.At - blur - mark.Blur), RateOf(after + mark.Count, at - mark.Since - blur - mark.Blur)));
            }

            least = Math.Min(least, most);
        }

        return least;
    }

    private static double RateOf(long surplus, long time) => surplus <= 0 ? 0 : time > 0 ? surplus / Seconds(time) : double.PositiveInfinity;

    // At most so many in any second.
    private (double Low, double High) Window(long[] total)
    {
        double low = 0;
        for (int i = 0, j = 0; j < total.Length; j++)
        {
            while (_accepted[j].At - _accepted[i].At >= TimeSpan.TicksPerSecond - (5 * Jitter))
                i++;
            low = Math.Max(low, total[j] - total[i] + Own(i));
        }

        double high = double.PositiveInfinity;
        foreach ((long at, long blur) in _refused)
            high = Math.Min(high, TotalAt(total, at + blur) - TotalAt(total, at - blur - TimeSpan.TicksPerSecond));
        return (low, high);
    }

    // Those of a heap came together; of others that are counted together only the last came when the mark says.
    private int Own(int mark) => _accepted[mark].Blur > Jitter ? _accepted[mark].Count : 1;

    private long TotalAt(long[] total, long at)
    {
        int place = _accepted.FindLastIndex(mark => mark.At <= at);
        return place < 0 ? 0 : total[place];
    }

    // The older, the coarser; but never across a refusal, which says what was accepted before it.
    private void Thin()
    {
        for (int i = 0; i < _accepted.Count / 2; i++)
        {
            (Mark one, Mark next) = (_accepted[i], _accepted[i + 1]);
            if (_refused.Exists(refusal => refusal.At + refusal.Blur >= one.At && refusal.At - refusal.Blur <= next.At))
                continue;
            _accepted[i + 1] = next with { Count = one.Count + next.Count, Since = one.Since };
            _accepted.RemoveAt(i);
        }
    }

    private static double Seconds(long ticks) => (double)ticks / TimeSpan.TicksPerSecond;

    private readonly record struct Refusal(long At, long Blur);

    // The last of so many came at this time, the first of them since that.
    private readonly record struct Mark(long At, int Count, long Blur, long Since);
}
