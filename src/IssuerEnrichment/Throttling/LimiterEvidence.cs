namespace IssuerEnrichment.Throttling;

/// <summary>Records when a service accepted and throttled requests, and determines which token buckets explain that.</summary>
/// <remarks>
/// A bucket with burst <c>b</c> and rate <c>r</c> accepts at most <c>b + r·d</c> requests in any time <c>d</c> (ITU-T I.371, the generic cell rate
/// algorithm), and throttles a request only if that would be exceeded. For each burst, the accepted requests therefore give a lower bound of the
/// rate, and each throttled request an upper bound. A burst whose bounds contradict each other is not the service's. Windows look like buckets at any
/// even pace. Times are ticks. Not thread-safe.
/// </remarks>
internal sealed class LimiterEvidence
{
    private const int MaxMarks = 160;
    private const int MaxThrottled = 32;

    // How much earlier or later requests may arrive, in ticks, relative to their spacing when they were sent.
    internal const long Jitter = 1 * TimeSpan.TicksPerMillisecond;

    // How much the bounds of the true limiter may contradict each other, because times are inexact; and those of a limiter that nearly explains
    // everything.
    private const double Tolerance = 1.05;
    private const double MaxConflict = 1.3;

    private static readonly int[] Bursts = [1, 2, 3, 5, 8, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320, 400, 512];

    private readonly List<Mark> _accepted = new(MaxMarks + 1);
    private readonly List<ThrottledMark> _throttled = new(MaxThrottled + 1);
    private int _burst = int.MaxValue;

    /// <summary>Records accepted requests, the last of them at this time.</summary>
    public void RecordAccepted(long at, int count, long blur = Jitter)
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
        if (_accepted.Count > MaxMarks)
            Thin();
    }

    /// <summary>Records a throttled request.</summary>
    public void RecordThrottled(long at, long blur = Jitter)
    {
        if (_throttled is [.., var last] && at - last.At < Jitter)
            return;
        _throttled.Add(new ThrottledMark(at, blur));
        if (_throttled.Count > MaxThrottled)
            _throttled.RemoveAt(0);
    }

    /// <summary>Discards requests throttled since this time, because a limiter was not the cause.</summary>
    public void ForgetThrottled(long since) => _throttled.RemoveAll(request => request.At >= since);

    /// <summary>Moves the recorded times into the past: so far, they were the times of answers rather than of requests.</summary>
    public void ShiftAccepted(long by)
    {
        for (int i = 0; i < _accepted.Count; i++)
            _accepted[i] = _accepted[i] with { At = _accepted[i].At - by, Since = _accepted[i].Since - by };
    }

    /// <summary>Returns the number of requests accepted in a time span.</summary>
    public int CountAccepted(long from, long to)
    {
        int sum = 0;
        foreach (Mark mark in _accepted)
            if (mark.At > from && mark.At <= to)
                sum += mark.Count;
        return sum;
    }

    /// <summary>Returns the rates of all limiters that explain the record; if there is none, of the limiter that comes closest.</summary>
    /// <param name="openedAt">When the gate last opened before the last throttled request.</param>
    public RateBounds Fit(long openedAt)
    {
        // Requests accepted later refute an old throttled one: its request was late or early, or the service has changed.
        RateBounds bounds = Explain(out double conflict);
        while (conflict > Tolerance && _throttled.FindIndex(request => request.Blur == Jitter) is >= 0 and var oldest && oldest < _throttled.Count - 1)
        {
            _throttled.RemoveAt(oldest);
            bounds = Explain(out conflict);
        }

        // Otherwise the times are wrong, as they are for first requests. Discard them, but keep how many requests the service accepted at once.
        if (!bounds.IsExplained)
        {
            _throttled.RemoveAll(request => request.At < openedAt);
            _accepted.RemoveAll(mark => mark.At < openedAt);
            bounds = Explain(out _, 1.5 * _burst);
        }

        // The largest bucket is the likely one only if the service was seen to accept that many at once.
        if (_burst == int.MaxValue)
            bounds = bounds with { Likely = (bounds.Low, bounds.High) };
        _burst = bounds.IsExplained ? bounds.Burst : _burst;
        return bounds;
    }

    /// <summary>Returns whether a service with this rate throttled requests that any bucket with more than a small burst accepts.</summary>
    public bool IsNarrow(double perSecond) => High(Totals(), RateBounds.Few + 1) * Tolerance < perSecond;

    private RateBounds Explain(out double minConflict, double maxBurst = double.MaxValue)
    {
        long[] total = Totals();
        double floor = Floor(total);
        RateBounds all = new(double.PositiveInfinity, 0) { Floor = floor };
        RateBounds best = new(floor, double.PositiveInfinity) { Floor = floor, Burst = int.MaxValue };
        minConflict = MaxConflict;
        foreach (int burst in Bursts.TakeWhile(burst => burst <= maxBurst))
        {
            double low = Math.Max(floor, Low(total, burst));
            double high = High(total, burst);
            double conflict = high > 0 ? low / high : double.PositiveInfinity;
            if (conflict <= Tolerance)
                all = new(Math.Min(all.Low, low), Math.Max(all.High, high)) { Likely = (low, high), Floor = floor, Burst = burst };
            if (conflict < minConflict)
                (minConflict, best) = (conflict, new(Math.Min(low, high), Math.Max(low, high)) { Floor = floor, Burst = burst });
        }

        (double windowLow, double windowHigh) = Window(total);
        if (windowLow > RateBounds.Few && windowHigh > 0)
            minConflict = Math.Min(minConflict, windowLow / windowHigh);
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

    // After a throttled request the bucket is empty, so it accepts no more than its rate.
    private double Floor(long[] total)
    {
        double most = 0;
        foreach ((long throttledAt, long blur) in _throttled)
        {
            if (blur > Jitter)
                continue;
            long before = TotalAt(total, throttledAt);
            for (int j = total.Length - 1; j >= 0 && _accepted[j].At > throttledAt + (250 * TimeSpan.TicksPerMillisecond); j--)
                most = Math.Max(most, (total[j] - before - 1) / Seconds(_accepted[j].At - throttledAt + Jitter));
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
        foreach ((long at, long blur) in _throttled)
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

    // A limit on the number of requests in any second.
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
        foreach ((long at, long blur) in _throttled)
            high = Math.Min(high, TotalAt(total, at + blur) - TotalAt(total, at - blur - TimeSpan.TicksPerSecond));
        return (low, high);
    }

    // The requests of a burst arrived together. Of other requests that were merged, only the last arrived at the recorded time.
    private int Own(int mark) => _accepted[mark].Blur > Jitter ? _accepted[mark].Count : 1;

    private long TotalAt(long[] total, long at)
    {
        int place = _accepted.FindLastIndex(mark => mark.At <= at);
        return place < 0 ? 0 : total[place];
    }

    // Merges old entries, but never across a throttled request, because it says what was accepted before it.
    private void Thin()
    {
        for (int i = 0; i < _accepted.Count / 2; i++)
        {
            (Mark one, Mark next) = (_accepted[i], _accepted[i + 1]);
            if (_throttled.Exists(request => request.At + request.Blur >= one.At && request.At - request.Blur <= next.At))
                continue;
            _accepted[i + 1] = next with { Count = one.Count + next.Count, Since = one.Since };
            _accepted.RemoveAt(i);
        }
    }

    private static double Seconds(long ticks) => (double)ticks / TimeSpan.TicksPerSecond;

    private readonly record struct ThrottledMark(long At, long Blur);

    // A number of accepted requests: the last one at this time, the first one not before the other.
    private readonly record struct Mark(long At, int Count, long Blur, long Since);
}
