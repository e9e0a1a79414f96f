using System.Numerics;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Estimates the p95 and the mean of a service's latency, from a histogram whose buckets grow by an eighth. Its size is fixed. Thread-safe.
/// </summary>
/// <remarks>
/// Old counts are halved now and then, to follow a service that changes. The buckets are those of HdrHistogram with a lower resolution.
/// </remarks>
internal sealed class LatencyEstimate
{
    private const double Quantile = 0.95;
    private const int StepsPerDoubling = 8;
    private const int SamplesPerUpdate = 32;
    private const int SamplesPerHalving = 512;

    // In 64ths of a millisecond, so that 24 doublings range from an eighth of a millisecond to half an hour.
    private const double UnitsPerMillisecond = 64;

    private readonly int[] _counts = new int[24 * StepsPerDoubling];
    private readonly Lock _lock = new();
    private int _samples;
    private long _usual = -1;

    /// <summary>The 95th percentile of the latency of good answers; null until there are enough samples.</summary>
    public TimeSpan? Usual => Volatile.Read(ref _usual) is >= 0 and var usual ? new TimeSpan(usual) : null;

    /// <summary>The mean latency of good answers; null until there are enough samples.</summary>
    public TimeSpan? Mean
    {
        get
        {
            if (Usual is null)
                return null;
            lock (_lock)
                return _counts.Select((count, bucket) => count * MiddleOf(bucket)).Aggregate((one, other) => one + other) / _counts.Sum();
        }
    }

    public void Add(TimeSpan latency)
    {
        Interlocked.Increment(ref _counts[BucketOf(latency)]);
        int samples = Interlocked.Increment(ref _samples);
        if (samples % SamplesPerUpdate == 0)
            Update(halve: samples % SamplesPerHalving == 0);
    }

    private void Update(bool halve)
    {
        lock (_lock)
        {
            int toGo = (int)Math.Ceiling(_counts.Sum() * Quantile);
            int bucket = 0;
            while ((toGo -= _counts[bucket]) > 0)
                bucket++;
            Volatile.Write(ref _usual, UpperEndOf(bucket).Ticks);
            for (int i = 0; halve && i < _counts.Length; i++)
                _counts[i] /= 2;
        }
    }

    private int BucketOf(TimeSpan latency)
    {
        ulong units = (ulong)Math.Max(StepsPerDoubling, latency.TotalMilliseconds * UnitsPerMillisecond);
        int doublings = BitOperations.Log2(units) - 3;
        int bucket = (doublings * StepsPerDoubling) + (int)(units >> doublings) - StepsPerDoubling;
        return Math.Min(bucket, _counts.Length - 1);
    }

    private static TimeSpan MiddleOf(int bucket) => bucket == 0 ? UpperEndOf(0) / 2 : (UpperEndOf(bucket - 1) + UpperEndOf(bucket)) / 2;

    private static TimeSpan UpperEndOf(int bucket)
    {
        int doublings = bucket / StepsPerDoubling;
        double units = (double)(1L << doublings) * (StepsPerDoubling + (bucket % StepsPerDoubling) + 1);
        return TimeSpan.FromMilliseconds(units / UnitsPerMillisecond);
    }
}
