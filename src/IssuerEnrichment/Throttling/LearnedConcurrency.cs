namespace IssuerEnrichment.Throttling;

/// <summary>
/// Learns the concurrency limit with the best throughput by trying: it doubles at first, then increases by less, and decreases now and then. An
/// increase is kept if throughput grows by at least a quarter of what it would grow by at unchanged latency. A decrease is kept if throughput does
/// not drop.
/// </summary>
/// <remarks>
/// <para>
/// Throughput is the number of requests in flight divided by the latency (J. D. C. Little, 1961), so the latencies under two limits tell what a
/// change gained. Comparing that with the expected gain follows TCP Vegas (L. S. Brakmo and L. L. Peterson, 1995). Latencies are averaged over many
/// requests, as in the gradient limits of Envoy and of Netflix's concurrency-limits, because a service may have fast and slow answers. Unlike those,
/// there is no minimum latency that would have to be measured again and again: a limit is only compared with the previous one.
/// </para>
/// <para>
/// If latencies vary widely, samples are larger and steps are wider. Times are ticks of the gate's clock. Not thread-safe.
/// </para>
/// </remarks>
/// <param name="most">The maximum limit.</param>
internal sealed class LearnedConcurrency(int most)
{
    private const int First = 4;
    private const int SmallestSample = 8;
    private const int LargestSample = 64;

    // A sample is extended until the relative standard error of the cost is this low.
    private const double Precision = 0.2;

    // The minimum gain, as an exponent: an increase in concurrency is kept if latency grows by no more than the increase to this power.
    private const double MinGainExponent = 0.75;

    // In standard errors: two costs are considered equal within the first; the second ends a trial early.
    private const double StandardErrors = 2;
    private const double Certainty = 3;

    // A cost at the same limit must change by this factor to have an effect, and the limit is never lowered to less than this share at once.
    private const double MinChange = 1.25;
    private const double MinFactor = 0.25;

    // The failures that a trial may have without being rejected: a constant number, plus a tenth, plus twice the share at the best limit.
    private const int FewFailures = 3;
    private const double UsualFailures = 0.1;

    // The maximum time between two trials, in latencies. It is longer after trials that made requests fail.
    private const int LongestRest = 16;
    private const int LongestRestAfterFailures = 32;

    // One in this many trials is a decrease, starting with the first.
    private const int TrialsPerDown = 6;

    private LatencySample _sample = SampleOf(Math.Min(First, most));

    // The sample at the best limit so far; null before the first sample is complete.
    private LatencySample? _best;
    private int _underWay;
    private int _step = First;
    private double _rest;
    private int _nextRest = 1;
    private int _trials;

    /// <summary>The maximum limit: the highest of all runs.</summary>
    public int Most { get; private set; } = most;

    /// <summary>The current limit on requests in flight.</summary>
    public int Limit => _sample.Limit;

    /// <summary>Raises the maximum limit for another run.</summary>
    public void Allow(int requests) => Most = Math.Max(Most, requests);

    /// <summary>Notes that a request was sent.</summary>
    public void Begin(GatePass pass, long now)
    {
        pass.SentAt = now;
        _underWay++;

        // Requests below the limit are held back by something else, such as a rate limit or the consumer. They say nothing about the limit.
        if (_underWay < Limit || !_sample.IsOpen)
            return;
        pass.Sample = _sample;
        _sample.Begin();
    }

    /// <summary>Notes that a request has ended.</summary>
    public void End(GatePass pass, AnswerMeaning verdict, long now)
    {
        if (pass.SentAt is not { } sentAt)
            return;
        _underWay--;
        if (pass.Sample != _sample)
            return;
        _sample.End(verdict, now - sentAt);
        if (_sample.IsComplete && _sample.Error > Precision * _sample.Cost && _sample.Count < LargestSample)
            _sample.Extend();
        if (_best is not null && _best.Limit != Limit)
            Judge(_best);
        else if (_sample.IsComplete)
            Settle();
    }

    /// <summary>Returns to the best limit, because the gate has closed and the current trial has proved nothing.</summary>
    public void Retreat()
    {
        _step = 1;
        Start(_best?.Limit ?? Math.Max(1, Limit / 2));
    }

    /// <summary>Tries a limit that the service was found to accept.</summary>
    public void TryUpTo(int requests)
    {
        if (requests > Limit)
            Start(Math.Min(Most, requests));
    }

    // Ends the trial as soon as it is certain to be worse.
    private void Judge(LatencySample best)
    {
        double worth = Math.Pow((double)Limit / best.Limit, MinGainExponent);
        double bar = worth * best.Cost;
        double error = Hypot(_sample.Error, worth * best.Error);
        bool fails = _sample.Failed >= FewFailures + ((UsualFailures + (2 * best.FailedShare)) * _sample.Count);
        if (fails || (_sample.Count >= SmallestSample && _sample.Cost > bar + (Certainty * error)))
            Reject(best, fails);
        else if (!_sample.IsComplete)
            return;
        else if (_sample.Cost < bar)
            Accept(isUp: Limit > best.Limit);
        else
            Reject(best, fails: false);
    }

    private void Accept(bool isUp)
    {
        _best = _sample;
        _nextRest = 1;
        _step *= isUp ? 2 : 1;
        Try(isUp);
    }

    // The next step is the smallest one whose effect can be distinguished from noise.
    private void Reject(LatencySample best, bool fails)
    {
        _rest = _nextRest;
        _nextRest = Math.Min(2 * _nextRest, fails ? LongestRestAfterFailures : LongestRest);
        _step = (int)Math.Min(best.Limit / 4.0, StandardErrors * best.Limit * best.Error / best.Cost);
        Start(best.Limit);
    }

    // Called when a sample at the best limit is complete.
    private void Settle()
    {
        LatencySample? before = _best;
        _best = _sample;
        double doubt = StandardErrors * Hypot(_sample.Error, before?.Error ?? 0);
        if (before is null || _sample.Cost < (before.Cost / MinChange) - doubt)
        {
            Try(isUp: true);
        }
        else if (_sample.HasOnlyFailures || _sample.Cost > (before.Cost * MinChange) + doubt)
        {
            // Lower the limit to where the old latency is expected, if latency is proportional to the requests in flight.
            _nextRest = 1;
            Start(Math.Max(1, (int)(Limit * Math.Max(MinFactor, before.Cost / _sample.Cost))));
        }
        else
        {
            _sample.Remember(before);
            _rest -= _sample.Latencies;
            if (_rest <= 0)
                Try(isUp: _trials++ % TrialsPerDown != 0);
            else
                Start(Limit);
        }
    }

    private void Try(bool isUp)
    {
        _step = Math.Clamp(_step, 1, Limit);
        Start(isUp ? Math.Min(Most, Limit + _step) : Math.Max(1, Limit - Math.Min(_step, (Limit + 1) / 2)));
    }

    private void Start(int limit) => _sample = SampleOf(limit);

    private static double Hypot(double a, double b) => Math.Sqrt((a * a) + (b * b));

    private static LatencySample SampleOf(int limit) => new(limit, Math.Max(SmallestSample, limit / 2));
}
