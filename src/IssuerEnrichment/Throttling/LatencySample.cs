namespace IssuerEnrichment.Throttling;

/// <summary>What some requests took that were sent one after the other under the same limit of concurrency. Not thread-safe.</summary>
/// <remarks>
/// They are chosen when they are sent. Those that end first would be the quick ones, and the more so the shorter one looks.
/// </remarks>
/// <param name="limit">How many were to be under way at once.</param>
/// <param name="size">How many requests it takes.</param>
internal sealed class LatencySample(int limit, int size)
{
    // A failed request has to be sent again, and has kept the service from better work.
    private const double CostOfFailure = 2;

    private int _size = size;
    private int _begun;
    private int _ended;
    private double _good;
    private double _failed;
    private double _sum;
    private double _sumOfSquares;

    public int Limit => limit;

    /// <summary>How long it takes, in latencies.</summary>
    public double Latencies => (double)_size / limit;

    /// <summary>Whether it takes another request.</summary>
    public bool IsOpen => _begun < _size;

    /// <summary>Whether all its requests have ended.</summary>
    public bool IsComplete => _ended == _size;

    /// <summary>Those that have ended with a good answer or a failure.</summary>
    public double Count => _good + _failed;

    public double Failed => _failed;

    public bool HasOnlyFailures => _good == 0 && _failed > 0;

    public double FailedShare => Count == 0 ? 0 : _failed / Count;

    /// <summary>What a good answer costs: its latency, in ticks, and a share of the failures.</summary>
    public double Cost => _good == 0 ? double.PositiveInfinity : Mean * (1 + (CostOfFailure * _failed / _good));

    /// <summary>The standard error of the cost: that of the mean latency, and that of counting failures.</summary>
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

    /// <summary>Takes as many requests again.</summary>
    public void Extend() => _size *= 2;

    /// <summary>Adds what an earlier one knows, at half its weight.</summary>
    public void Remember(LatencySample earlier)
    {
        _good += earlier._good / 2;
        _failed += earlier._failed / 2;
        _sum += earlier._sum / 2;
        _sumOfSquares += earlier._sumOfSquares / 2;
    }
}
