using System.Globalization;
using System.Text.RegularExpressions;

namespace IssuerEnrichment.Throttling;

/// <summary>One limit of a <see cref="RateLimit"/>; its text form is <c>100/1s</c>.</summary>
internal readonly partial record struct Limit(int Permits, TimeSpan Period)
{
    public const int MaxPermits = 1_000_000;

    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    // Waits must stay below the 49 days that a timer can handle.
    public static TimeSpan MaxPeriod => TimeSpan.FromDays(31);

    /// <summary>Whether requests are spaced evenly; a longer period is a quota.</summary>
    public bool IsSpread => Period <= TimeSpan.FromMinutes(1);

    public static bool AllowsPeriod(TimeSpan period) =>
        period > TimeSpan.Zero && period <= MaxPeriod && period.Ticks % TimeSpan.TicksPerMillisecond == 0;

    public static bool TryParse(string text, out Limit limit)
    {
        limit = default;
        Match match = Form().Match(text);
        if (!match.Success)
            return false;

        int permits = int.Parse(match.Groups["permits"].ValueSpan, CultureInfo.InvariantCulture);
        long count = match.Groups["count"] is { Success: true } digits ? long.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 1;
        TimeSpan length = Array.Find(Units, unit => unit.Name == match.Groups["unit"].Value).Length;
        if (permits is < 1 or > MaxPermits || count < 1 || count > MaxPeriod / length)
            return false;

        limit = new Limit(permits, length * count);
        return true;
    }

    public override string ToString()
    {
        long ticks = Period.Ticks;
        (string name, TimeSpan length) = Array.Find(Units, unit => ticks % unit.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{Permits}/{ticks / length.Ticks}{name}");
    }

    [GeneratedRegex(@"^\s*(?<permits>[0-9]{1,7})\s*/\s*((?<count>[0-9]{1,10})\s*)?(?<unit>ms|s|m|h|d)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
