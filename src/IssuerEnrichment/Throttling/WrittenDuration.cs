using System.Buffers;
using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>Parses a duration with units, such as <c>500ms</c>, <c>2s</c>, <c>1m30s</c> or <c>6m0s</c>.</summary>
/// <remarks>
/// OpenAI uses this format for resets (platform.openai.com/docs/guides/rate-limits, "Rate limits in headers"), and Groq up to <c>1h23m31s</c>. It is
/// the format of Go (pkg.go.dev/time#Duration.String).
/// </remarks>
internal static class WrittenDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Returns the duration in seconds, zero if it is negative; null for any other text.</summary>
    public static double? Seconds(ReadOnlySpan<char> text)
    {
        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> rest = isNegative ? text[1..] : text;
        double? seconds = null;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> count = Cut(ref rest, rest.IndexOfAnyExcept(Digits));
            ReadOnlySpan<char> unit = Cut(ref rest, rest.IndexOfAny(Digits));
            if (!double.TryParse(count, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                || SecondsOf(unit) is not { } length)
                return null;

            seconds = (seconds ?? 0) + (number * length);
        }

        return isNegative && seconds is not null ? 0 : seconds;
    }

    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> rest, int end)
    {
        ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
        rest = rest[part.Length..];
        return part;
    }

    private static double? SecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" => 1e-6,
        "ns" => 1e-9,
        _ => null,
    };
}
