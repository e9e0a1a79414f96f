namespace IssuerEnrichment.Throttling;

/// <summary>Multiplies periods, for counts that nobody will live to see.</summary>
internal static class Periods
{
    // Some thousand years, so that several of them can still be added up.
    private const long Most = long.MaxValue / 8;

    /// <summary>So many periods, in ticks.</summary>
    public static long Times(long count, long period) => (long)Int128.Min((Int128)count * period, Most);
}
