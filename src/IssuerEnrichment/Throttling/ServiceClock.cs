using System.Globalization;
using System.Net.Http.Headers;

namespace IssuerEnrichment.Throttling;

/// <summary>Turns what a service writes about time into waits, told by the service's own clock.</summary>
internal readonly struct ServiceClock(HttpHeadersNonValidated headers, DateTimeOffset now)
{
    /// <summary>One request an hour burdens nobody, so a header that asks for more is not worth believing without asking again.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>
    /// The longest wait for something that the answer leaves in doubt; one request then finds out. GitHub asks for a minute where its headers do
    /// not tell when to come back ("Rate limits for the REST API", "Exceeding the rate limit").
    /// </summary>
    public static readonly TimeSpan MaxDoubtfulWait = TimeSpan.FromMinutes(1);

    // No service means a delay of thirty years, and none an instant before September 2001 or, in milliseconds, March 1973.
    private const double FirstEpochSecond = 1e9;
    private const double FirstEpochMillisecond = 1e11;

    // Without "GMT" or "UTC" at the end, which all may have.
    private static readonly string[] DateFormats =
    [
        "ddd, dd MMM yyyy HH:mm:ss", // The three forms of RFC 9110, section 5.6.7.
        "dddd, dd-MMM-yy HH:mm:ss",
        "ddd MMM d HH:mm:ss yyyy",
        "ddd, dd MMM yyyy HH:mm:ss zzz", // RFC 5322, section 3.3: as in mail, with +0000.
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", // ISO 8601, with and without a fraction or a zone.
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF zzz", // Time#to_s of Ruby.
        "ddd MMM dd yyyy HH:mm:ss 'GMT'zzz", // Date.toString() of JavaScript, as lemlist sends it.
    ];

    /// <summary>
    /// The wait that a text means: seconds, a time with units, an instant in seconds or milliseconds since 1970, or a date. Null if it is none of
    /// these, zero if it is negative or past, <see cref="MaxWait"/> at most.
    /// </summary>
    public TimeSpan? Wait(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (TryNumber(text, out double number))
            return number switch
            {
                < FirstEpochSecond => Bounded(number),
                < FirstEpochMillisecond => Bounded(number - (Now.ToUnixTimeMilliseconds() / 1e3)),
                _ => Bounded((number - Now.ToUnixTimeMilliseconds()) / 1e3),
            };

        return WrittenDuration.Seconds(text) is { } seconds ? Bounded(seconds)
            : Date(text) is { } instant ? Bounded((instant - Now).TotalSeconds)
            : null;
    }

    /// <summary>The wait until a reset: as <see cref="Wait"/>, but a number that has no unit is believed only as far as it is certain.</summary>
    /// <param name="text">What the service writes.</param>
    /// <param name="window">The length of the quota's window; null if the answer does not tell it.</param>
    /// <remarks>
    /// Most services count seconds there, some milliseconds (Blockscout, Mimecast), and the number does not tell which. No reset is further away than
    /// a window is long, so where that is told, a number of seconds far above it is milliseconds. Where it is not, seconds are
    /// believed up to <see cref="MaxDoubtfulWait"/>: 34,000 ms must not cost hours, and 34,000 s, the rest of a day, cost one request a minute.
    /// </remarks>
    public TimeSpan? Reset(ReadOnlySpan<char> text, TimeSpan? window)
    {
        if (!TryNumber(text.Trim(), out double number) || number >= FirstEpochSecond)
            return Wait(text);

        if (window is not { TotalSeconds: var length })
            return Bounded(Math.Min(number, MaxDoubtfulWait.TotalSeconds));

        // Twice: a time that is rounded up, or counted to the end of the next window, is somewhat longer than one window.
        return Bounded(number <= 2 * length ? number : Math.Min(number / 1e3, length));
    }

    /// <summary>The wait that a number of milliseconds means; null if it is none.</summary>
    public static TimeSpan? Milliseconds(ReadOnlySpan<char> text) => TryNumber(text.Trim(), out double number) ? Bounded(number / 1e3) : null;

    // The service counted from its own clock, which may be far from ours; Date says what that was (RFC 9110, section 6.6.1).
    private DateTimeOffset Now
    {
        get
        {
            if (headers.TryGetValues("Date", out HeaderStringValues values))
                foreach (string value in values)
                    if (Date(value) is { } date)
                        return date;

            return now;
        }
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MaxWait.TotalSeconds));

    private static DateTimeOffset? Date(ReadOnlySpan<char> text)
    {
        int comment = text.IndexOf(" (");
        text = (comment < 0 ? text : text[..comment]).TrimEnd();
        if (text.EndsWith(" GMT") || text.EndsWith(" UTC"))
            text = text[..^4];

        return DateTimeOffset.TryParseExact(
            text,
            DateFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces,
            out DateTimeOffset date) ? date : null;
    }
}
