using System.Globalization;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Formats times for HTTP headers. They are rounded up by default, because a caller that retries too early is throttled again.</summary>
internal static class HeaderTime
{
    public static string ToWholeSeconds(this TimeSpan delay, bool down = false) =>
        Round(delay.TotalSeconds, down).ToString(CultureInfo.InvariantCulture);

    public static long ToWholeMilliseconds(this TimeSpan delay, bool down = false) => (long)Round(delay.TotalMilliseconds, down);

    public static string ToFractionalSeconds(this TimeSpan delay, bool down = false) =>
        (delay.ToWholeMilliseconds(down) / 1_000m).ToString("0.000", CultureInfo.InvariantCulture);

    public static DateTimeOffset ToWholeSeconds(this DateTimeOffset time, bool down = false) =>
        DateTimeOffset.FromUnixTimeSeconds(time.AddTicks(down ? 0 : TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds());

    private static double Round(double time, bool down) => down ? Math.Floor(time) : Math.Ceiling(time);
}
