using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A service whose latency depends on how many requests are under way, asked through a gate's policy in virtual time.</summary>
/// <param name="answer">
/// Says, by the number under way, the time in milliseconds and chance from 0 to 1, how many milliseconds an answer takes; null where it fails, at once.
/// </param>
internal sealed class KneeService(Func<int, double, double, double?> answer)
{
    private const double FailsAfter = 2;

    private readonly Random _random = new(1);

    /// <summary>A service that is as fast with so many at once as with one; with more, latency grows by a step for each.</summary>
    public static KneeService Steps(int knee, double step) => new((underWay, _, _) => 50 + (step * Math.Max(0, underWay - knee)));

    /// <summary>Answers as many requests, with so many at once or with as many as are found to be best.</summary>
    /// <param name="requests">How many are to be answered.</param>
    /// <param name="limit">How many at once; null to find out.</param>
    /// <param name="perSecond">How many come in a second; null where they are all there.</param>
    public Served Serve(int requests, int? limit = null, double? perSecond = null)
    {
        GatePolicy policy = new(new GateOptions { FailuresInARow = 1_000 }, _random.NextDouble);
        policy.LearnConcurrency(limit is null ? 64 : null);
        PriorityQueue<(GatePass Pass, AnswerMeaning Meaning), double> underWay = new();
        List<int> limits = [];
        int sent = 0;
        int failed = 0;
        double now = 0;
        while (true)
        {
            int left = requests + failed - sent;
            double nextAt = perSecond is { } rate ? sent / rate * 1_000 : now;
            while (left > 0 && nextAt <= now && underWay.Count < (limit ?? 64) && policy.TryAdmit(Ticks(now), out GatePass? pass))
            {
                policy.Send(pass, Ticks(now));
                double? latency = answer(underWay.Count + 1, now, _random.NextDouble());
                underWay.Enqueue((pass, latency is null ? AnswerMeaning.Broken : AnswerMeaning.Good), now + (latency ?? FailsAfter));
                sent++;
                left--;
                nextAt = perSecond is { } again ? sent / again * 1_000 : now;
            }

            double endsAt = underWay.TryPeek(out _, out double next) ? next : double.MaxValue;
            if (left > 0 && nextAt > now && nextAt < endsAt)
            {
                now = nextAt;
                continue;
            }

            if (underWay.Count == 0)
                return new Served(requests / (now / 1_000), (double)failed / requests, limits);
            underWay.TryDequeue(out (GatePass Pass, AnswerMeaning Meaning) ended, out now);
            failed += ended.Meaning == AnswerMeaning.Broken ? 1 : 0;
            policy.Learn(ended.Pass, new GateSignal(ended.Meaning), Ticks(now));
            limits.Add(policy.Concurrency?.Limit ?? limit!.Value);
        }
    }

    /// <summary>The most that any fixed number at once gets out of it, in answers a second, with hardly any failure.</summary>
    public double BestThroughput(int requests) =>
        Enumerable.Range(1, 64).Select(limit => Serve(requests, limit)).Where(served => served.FailedShare < 0.05).Max(served => served.PerSecond);

    private static long Ticks(double milliseconds) => (long)(milliseconds * TimeSpan.TicksPerMillisecond);

    /// <summary>What came of it.</summary>
    /// <param name="PerSecond">Answers a second.</param>
    /// <param name="FailedShare">Failures for each answer.</param>
    /// <param name="Limits">How many were to be under way, after each answer.</param>
    internal sealed record Served(double PerSecond, double FailedShare, IReadOnlyList<int> Limits);
}
