using System.Globalization;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Times as HTTP headers say them: in whole seconds, rounded up, because a caller that comes too early is refused again.</summary>
internal static class HeaderTime
{
    public static string ToWholeSeconds(this TimeSpan delay) =>
        Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public static DateTimeOffset ToWholeSeconds(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.AddTicks(TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds());
}
