namespace IssuerEnrichment.Throttling;

/// <summary>The latency of a sample of requests that were sent one after another under the same concurrency limit. Not thread-safe.</summary>
/// <remarks>
/// Requests are selected when they are sent. Selecting them when they end would favour fast ones, all the more the shorter the observation is.
/// </remarks>
/// <param name="limit">The concurrency limit.</param>
/// <param name="size">The number of requests in the sample.</param>
internal sealed class LatencySample(int limit, int size)
{
    // A failed request must be repeated, and took capacity from others.
    private const double CostOfFailure = 2;

    private int _size = size;
    private int _begun;
    private int _ended;
    private double _good;
    private double _failed;
    private double _sum;
    private double _sumOfSquares;

    public int Limit => limit;

    /// <summary>The duration of the sample, in latencies.</summary>
    public double Latencies => (double)_size / limit;

    /// <summary>Whether the sample takes more requests.</summary>
    public bool IsOpen => _begun < _size;

    /// <summary>Whether all requests of the sample have ended.</summary>
    public bool IsComplete => _ended == _size;

    /// <summary>The number of requests that ended with a good answer or a failure.</summary>
    public double Count => _good + _failed;

    public double Failed => _failed;

    public bool HasOnlyFailures => _good == 0 && _failed > 0;

    public double FailedShare => Count == 0 ? 0 : _failed / Count;

    /// <summary>The cost of a good answer: its latency in ticks, plus a share of the failures.</summary>
    public double Cost => _good == 0 ? double.PositiveInfinity : Mean * (1 + (CostOfFailure * _failed / _good));

    /// <summary>The standard error of the cost: of the mean latency, and of the number of failures.</summary>
    public double Error => _good < 2 ? double.PositiveInfinity : Math.Sqrt(Variance + (_failed * Math.Pow(CostOfFailure * Mean / _good, 2)));

    private double Variance => Math.Max(0, (_sumOfSquares / _good) - (Mean * Mean)) / (_good - 1);

    private double Mean => _sum / _good;

    public void Begin() => _begun++;

    public void End(AnswerMeaning verdict, long latency)
    {
        _ended++;
        if (verdict == AnswerMeaning.Good)
        {
            _good++;
            _sum += latency;
            _sumOfSquares += (double)latency * latency;
        }
        else if (verdict == AnswerMeaning.Broken)
        {
            _failed++;
        }
    }

    /// <summary>Doubles the size of the sample.</summary>
    public void Extend() => _size *= 2;

    /// <summary>Adds an earlier sample at half its weight.</summary>
    public void Remember(LatencySample earlier)
    {
        _good += earlier._good / 2;
        _failed += earlier._failed / 2;
        _sum += earlier._sum / 2;
        _sumOfSquares += earlier._sumOfSquares / 2;
    }
}
