namespace IssuerEnrichment.Throttling;

/// <summary>
/// Finds how many requests at once get the most out of a service, by trying: at first twice as many each time, later a little more than before, and now
/// and then a little less. More is kept where it brings at least a quarter of the throughput that it would at unchanged latency, less where it
/// costs none.
/// </summary>
/// <remarks>
/// <para>
/// Throughput is the number under way over latency (J. D. C. Little, 1961), so two latencies tell what a change bought. To compare that with what
/// was to be expected is TCP Vegas's way (L. S. Brakmo and L. L. Peterson, 1995). The latencies are averages of many requests, as in the gradient limits
/// of Envoy and of Netflix's concurrency-limits, because a service may have quick answers and slow ones. Unlike these there is no ideal
/// latency to remember, which would have to be forgotten again: a limit is only ever compared with the one before.
/// </para>
/// <para>
/// Where answers differ much a sample grows, and what is tried next is further away. Times are ticks of the gate's clock. Not thread-safe.
/// </para>
/// </remarks>
/// <param name="most">The most requests at once.</param>
internal sealed class LearnedConcurrency(int most)
{
    private const int First = 4;
    private const int SmallestSample = 8;
    private const int LargestSample = 64;

    // A sample is extended until the cost is known as well as this, as a share of it.
    private const double Precision = 0.2;

    // The growth in throughput that is worth having, as an exponent: at most so much of a growth in concurrency may come back as latency.
    private const double Worth = 0.75;

    // Standard errors, within which two costs are taken for equal; and those of a doubt that cuts a trial short.
    private const double Doubt = 2;
    private const double Certainty = 3;

    // Less of a change in the cost at the same limit is no reason to act; and no change takes more than three quarters away at once.
    private const double Noticeable = 1.25;
    private const double Least = 0.25;

    // Failures in a trial that are none of its own fault: a few, a tenth, and twice as many as at the best limit.
    private const int FewFailures = 3;
    private const double UsualFailures = 0.1;

    // Between two trials, in latencies; longer where trials make requests fail.
    private const int LongestRest = 16;
    private const int LongestRestAfterFailures = 32;

    // Of so many trials one is downwards, the first one after the start being so.
    private const int TrialsPerDown = 6;

    private LatencySample _sample = SampleOf(Math.Min(First, most));

    // The best limit so far, and what requests took there; null before the first sample is complete.
    private LatencySample? _best;
    private int _underWay;
    private int _step = First;
    private double _rest;
    private int _nextRest = 1;
    private int _trials;

    /// <summary>The most requests at once that any run allows.</summary>
    public int Most { get; private set; } = most;

    /// <summary>How many requests may be under way.</summary>
    public int Limit => _sample.Limit;

    /// <summary>Another run allows as many.</summary>
    public void Allow(int requests) => Most = Math.Max(Most, requests);

    /// <summary>A request is sent.</summary>
    public void Begin(GatePass pass, long now)
    {
        pass.SentAt = now;
        _underWay++;

        // Where something else holds requests back, such as a rate or the consumer, they say nothing about the limit.
        if (_underWay < Limit || !_sample.IsOpen)
            return;
        pass.Sample = _sample;
        _sample.Begin();
    }

    /// <summary>It has ended.</summary>
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

    /// <summary>The gate has closed: what was being tried is not known to be any good.</summary>
    public void Retreat()
    {
        _step = 1;
        Start(_best?.Limit ?? Math.Max(1, Limit / 2));
    }

    /// <summary>The service was found to take so many at once, which is tried next.</summary>
    public void TryUpTo(int requests)
    {
        if (requests > Limit)
            Start(Math.Min(Most, requests));
    }

    // A trial is over as soon as it is certainly bad.
    private void Judge(LatencySample best)
    {
        double worth = Math.Pow((double)Limit / best.Limit, Worth);
        double bar = worth * best.Cost;
        double error = Hypot(_sample.Error, worth * best.Error);
        bool fails = _sample.Failed >= FewFailures + ((UsualFailures + (2 * best.FailedShare)) * _sample.Count);
        if (fails || (_sample.Count >= SmallestSample && _sample.Cost > bar + (Certainty * error)))
            Refuse(best, fails);
        else if (!_sample.IsComplete)
            return;
        else if (_sample.Cost < bar)
            Accept(isUp: Limit > best.Limit);
        else
            Refuse(best, fails: false);
    }

    private void Accept(bool isUp)
    {
        _best = _sample;
        _nextRest = 1;
        _step *= isUp ? 2 : 1;
        Try(isUp);
    }

    // The next trial is as small as can be told from chance.
    private void Refuse(LatencySample best, bool fails)
    {
        _rest = _nextRest;
        _nextRest = Math.Min(2 * _nextRest, fails ? LongestRestAfterFailures : LongestRest);
        _step = (int)Math.Min(best.Limit / 4.0, Doubt * best.Limit * best.Error / best.Cost);
        Start(best.Limit);
    }

    // A sample at the best limit is complete.
    private void Settle()
    {
        LatencySample? before = _best;
        _best = _sample;
        double doubt = Doubt * Hypot(_sample.Error, before?.Error ?? 0);
        if (before is null || _sample.Cost < (before.Cost / Noticeable) - doubt)
        {
            Try(isUp: true);
        }
        else if (_sample.HasOnlyFailures || _sample.Cost > (before.Cost * Noticeable) + doubt)
        {
            // As far down as would give the old latency, if it grows with what is under way.
            _nextRest = 1;
            Start(Math.Max(1, (int)(Limit * Math.Max(Least, before.Cost / _sample.Cost))));
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
