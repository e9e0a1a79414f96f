namespace IssuerEnrichment.Tests.Gate.Gauntlet;

/// <summary>The limiters that the library was seen to fail with, each with the share that it must reach.</summary>
internal static class GauntletTable
{
    private static readonly Dialect[] Dialects = [Dialect.Draft10, Dialect.Triple, Dialect.RetryAfter, Dialect.Bare];

    public static IEnumerable<GauntletCase> All() => Told().Concat(Untold()).Concat(Capped())
        .Select(row => row with { Name = $"{row.Name}, {row.Dialect}, {(row.IsTold ? "told" : row.IsAuto ? "auto" : "untold")}" });

    private static IEnumerable<GauntletCase> Told()
    {
        foreach (Dialect dialect in Dialects)
            yield return Row("50/s, burst 1", () => new Bucket(50, 1), dialect, 0.7);
        yield return Row("10/s, burst 1", () => new Bucket(10, 1), Dialect.Bare, 0.8);
        yield return Row("100/s, burst 1", () => new Bucket(100, 1), Dialect.Unavailable, 0.8);
        yield return Row("100/s, burst 20", () => new Bucket(100, 20), Dialect.Unavailable, 0.9);
        yield return Row("sliding window of 50/s", () => new SlidingLog(50), Dialect.Bare, 0.8) with { Latency = 0.5 };
        yield return Row("fixed window of 100/s", () => new FixedWindow(100), Dialect.Triple, 0.8);
        foreach (Dialect dialect in Dialects)
            yield return Row("200/s, burst 20", () => new Bucket(200, 20), dialect, 0.9);

        static GauntletCase Row(string name, Func<Limiter> create, Dialect dialect, double share) =>
            new(name, create) { Dialect = dialect, IsTold = true, LeastShare = share };
    }

    private static IEnumerable<GauntletCase> Untold()
    {
        yield return Row("50/s, burst 1", () => new Bucket(50, 1), Dialect.Draft10, 0.6);
        yield return Row("50/s, burst 1", () => new Bucket(50, 1), Dialect.Triple, 0.55);
        yield return Row("50/s, burst 1", () => new Bucket(50, 1), Dialect.RetryAfter, 0.55);
        yield return Row("50/s, burst 1", () => new Bucket(50, 1), Dialect.Bare, 0.75);
        yield return Row("10/s, burst 1", () => new Bucket(10, 1), Dialect.Bare, 0.7);
        yield return Row("100/s, burst 1", () => new Bucket(100, 1), Dialect.Unavailable, 0.6);
        yield return Row("100/s, burst 20", () => new Bucket(100, 20), Dialect.Unavailable, 0.8);
        yield return Row("sliding window of 50/s", () => new SlidingLog(50), Dialect.Bare, 0.64) with { Latency = 0.5 };
        yield return Row("sliding window of 50/s", () => new SlidingLog(50), Dialect.RetryAfter, 0.6) with { Latency = 0.5 };
        yield return Row("fixed window of 100/s", () => new FixedWindow(100), Dialect.Triple, 0.8);
        foreach (Dialect dialect in Dialects)
            yield return Row("200/s, burst 20", () => new Bucket(200, 20), dialect, 0.7);
        yield return Row("5/s, burst 5", () => new Bucket(5, 5), Dialect.RetryAfter, 0.7) with { Latency = 0.2 };
        yield return Row("5/s, burst 5", () => new Bucket(5, 5), Dialect.Bare, 0.8) with { Latency = 0.2 };
        yield return Row("10/s, burst 10", () => new Bucket(10, 10), Dialect.RetryAfter, 0.7);
        yield return Row("10/s, burst 10", () => new Bucket(10, 10), Dialect.Bare, 0.8);

        static GauntletCase Row(string name, Func<Limiter> create, Dialect dialect, double share) =>
            new(name, create) { Dialect = dialect, LeastShare = share };
    }

    private static IEnumerable<GauntletCase> Capped()
    {
        foreach (Dialect dialect in new[] { Dialect.Bare, Dialect.Unavailable })
        {
            foreach (bool isAuto in new[] { false, true })
            {
                yield return new("5 in flight", () => new InFlightCap(5, 0.05)) { Dialect = dialect, IsAuto = isAuto, Latency = 0.05, LeastShare = 0.6 };
                yield return new("16 in flight", () => new InFlightCap(16, 0.1)) { Dialect = dialect, IsAuto = isAuto, Latency = 0.1, LeastShare = isAuto ? 0.65 : 0.83 };
            }
        }
    }
}
