using System.Globalization;
using System.Net.Http.Headers;

namespace IssuerEnrichment.Http;

/// <summary>Turns what a service writes about time into waits, told by the service's own clock.</summary>
internal readonly struct ServiceClock(HttpHeadersNonValidated headers, DateTimeOffset now)
{
    /// <summary>One request an hour burdens nobody, so a header that asks for more is not worth believing without asking again.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    // No service means a delay of thirty years, and none an instant before September 2001 or, in milliseconds, March 1973.
    private const double FirstEpochSecond = 1e9;
    private const double FirstEpochMillisecond = 1e11;

    private static readonly string[] DateFormats =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'", // The three forms of RFC 9110, section 5.6.7.
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", // ISO 8601, with and without a fraction or a zone.
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        "ddd MMM dd yyyy HH:mm:ss 'GMT'zzz", // Date.toString() of JavaScript, as lemlist sends it.
    ];

    /// <summary>
    /// The wait that a text means: seconds, an instant in seconds or milliseconds since 1970, or a date. Null if it is none of
    /// these, zero if it is negative or past, <see cref="MaxWait"/> at most.
    /// </summary>
    public TimeSpan? Wait(ReadOnlySpan<char> text)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (double.TryParse(text.Trim(), style, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number switch
            {
                < FirstEpochSecond => Bounded(number),
                < FirstEpochMillisecond => Bounded(number - (Now.ToUnixTimeMilliseconds() / 1e3)),
                _ => Bounded((number - Now.ToUnixTimeMilliseconds()) / 1e3),
            };

        return Date(text) is { } instant ? Bounded((instant - Now).TotalSeconds) : null;
    }

    // The service counted from its own clock, which may be far from ours; Date says what that was (RFC 9110, section 6.6.1).
    private DateTimeOffset Now =>
        headers.TryGetValues("Date", out HeaderStringValues values) && Date(values.ToString()) is { } date ? date : now;

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MaxWait.TotalSeconds));

    private static DateTimeOffset? Date(ReadOnlySpan<char> text)
    {
        int comment = text.IndexOf(" (");
        return DateTimeOffset.TryParseExact(
            comment < 0 ? text : text[..comment],
            DateFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces,
            out DateTimeOffset date) ? date : null;
    }
}
