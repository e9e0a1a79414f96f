using System.Globalization;
using System.Net.Http.Headers;

namespace IssuerEnrichment.Throttling;

/// <summary>Converts the times in a service's headers to waits, relative to the service's own clock.</summary>
internal readonly struct ServiceClock(HttpHeadersNonValidated headers, DateTimeOffset now)
{
    /// <summary>The maximum wait. One request an hour burdens no service, so longer waits need not be trusted without asking again.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>
    /// The maximum wait if the response is ambiguous; one request then finds out. GitHub asks for a minute if its headers do not say when to retry
    /// ("Rate limits for the REST API", "Exceeding the rate limit").
    /// </summary>
    public static readonly TimeSpan MaxDoubtfulWait = TimeSpan.FromMinutes(1);

    // No service means a delay of thirty years, or a time before September 2001 or, in milliseconds, March 1973.
    private const double FirstEpochSecond = 1e9;
    private const double FirstEpochMillisecond = 1e11;

    // Without "GMT" or "UTC" at the end, which is optional in all of them.
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
    /// Converts a text to a wait: seconds, a duration with units, a Unix time in seconds or milliseconds, or a date. Returns null for any other text,
    /// zero for a negative or past time, and at most <see cref="MaxWait"/>.
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

    /// <summary>Converts a text to the wait until a reset, like <see cref="Wait"/>, but without trusting an ambiguous unit.</summary>
    /// <param name="text">The text of the header.</param>
    /// <param name="window">The length of the quota's window; null if it is unknown.</param>
    /// <remarks>
    /// Most services send seconds, some send milliseconds (Blockscout, Mimecast), and the number does not tell which. No reset is further away than
    /// its window is long. If the window is known, a number far above it is milliseconds. Otherwise seconds are trusted up to
    /// <see cref="MaxDoubtfulWait"/>: 34,000 ms must not cost hours, and 34,000 s, the rest of a day, cost one request a minute.
    /// </remarks>
    public TimeSpan? Reset(ReadOnlySpan<char> text, TimeSpan? window)
    {
        if (!TryNumber(text.Trim(), out double number) || number >= FirstEpochSecond)
            return Wait(text);

        if (window is not { TotalSeconds: var length })
            return Bounded(Math.Min(number, MaxDoubtfulWait.TotalSeconds));

        // Twice, because a time that is rounded up, or counts to the end of the next window, can be somewhat longer than one window.
        return Bounded(number <= 2 * length ? number : Math.Min(number / 1e3, length));
    }

    /// <summary>Converts a number of milliseconds to a wait; null if the text is not a number.</summary>
    public static TimeSpan? Milliseconds(ReadOnlySpan<char> text) => TryNumber(text.Trim(), out double number) ? Bounded(number / 1e3) : null;

    // The service used its own clock, which may differ from ours. The Date header tells its time (RFC 9110, section 6.6.1).
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
