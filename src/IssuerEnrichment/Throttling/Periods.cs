namespace IssuerEnrichment.Throttling;

/// <summary>Multiplies periods without overflow.</summary>
internal static class Periods
{
    // A few thousand years, so that several of them can still be added up.
    private const long Most = long.MaxValue / 8;

    /// <summary>Returns a multiple of a period, in ticks.</summary>
    public static long Times(long count, long period) => (long)Int128.Min((Int128)count * period, Most);
}
