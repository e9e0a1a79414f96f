namespace IssuerEnrichment.Tests.Gate.Gauntlet;

/// <summary>The limiters that the library was seen to fail with, each with what it must reach.</summary>
internal static class GauntletTable
{
    public static IEnumerable<GauntletCase> All()
    {
        foreach (bool told in new[] { true, false })
        {
            foreach (Dialect dialect in new[] { Dialect.Draft10, Dialect.Triple, Dialect.RetryAfter, Dialect.Bare })
                yield return new("50/s b1", () => new Bucket(50, 1)) { Dialect = dialect, IsTold = told };
            yield return new("10/s b1", () => new Bucket(10, 1)) { IsTold = told };
            yield return new("100/s b1", () => new Bucket(100, 1)) { Dialect = Dialect.Unavailable, IsTold = told };
            yield return new("100/s b20", () => new Bucket(100, 20)) { Dialect = Dialect.Unavailable, IsTold = told };
            foreach (Dialect dialect in new[] { Dialect.Bare, Dialect.RetryAfter })
                yield return new("sliding 50/s", () => new SlidingLog(50)) { Dialect = dialect, IsTold = told, Latency = 0.5 };
            foreach (Dialect dialect in new[] { Dialect.Triple, Dialect.Epoch })
                yield return new("fixed 100/s", () => new FixedWindow(100)) { Dialect = dialect, IsTold = told };
            foreach (Dialect dialect in new[] { Dialect.Draft10, Dialect.Triple, Dialect.RetryAfter, Dialect.Bare })
                yield return new("200/s b20", () => new Bucket(200, 20)) { Dialect = dialect, IsTold = told };
            foreach (Dialect dialect in told ? [] : new[] { Dialect.RetryAfter, Dialect.Bare })
            {
                yield return new("5/s b5", () => new Bucket(5, 5)) { Dialect = dialect, IsTold = told, Latency = 0.2 };
                yield return new("10/s b10", () => new Bucket(10, 10)) { Dialect = dialect, IsTold = told };
            }
        }

        foreach (bool auto in new[] { false, true })
        {
            foreach (Dialect dialect in new[] { Dialect.Bare, Dialect.Unavailable })
            {
                yield return new("cap 5", () => new InFlightCap(5, 0.05)) { Dialect = dialect, Latency = 0.05, IsAuto = auto };
                yield return new("cap 16", () => new InFlightCap(16, 0.1)) { Dialect = dialect, Latency = 0.1, IsAuto = auto };
            }
        }
    }
}
