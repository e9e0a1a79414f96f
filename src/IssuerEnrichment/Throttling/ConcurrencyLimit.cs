using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IssuerEnrichment;

/// <summary>The maximum number of concurrent lookups: a fixed number, or <see cref="Auto"/>, which learns how many the service sustains.</summary>
/// <remarks>Converts implicitly from a number. The text form is the number, or <c>auto</c>. Immutable and thread-safe.</remarks>
public readonly record struct ConcurrencyLimit : IParsable<ConcurrencyLimit>
{
    private const string AutoText = "auto";

    private ConcurrencyLimit(int most, bool isAuto)
    {
        Most = most;
        IsAuto = isAuto;
    }

    /// <summary>
    /// Learns the concurrency with the best throughput. It starts at 4, increases while throughput grows, and decreases when throughput no longer
    /// grows or the service fails. It stays between 1 and 64.
    /// </summary>
    public static ConcurrencyLimit Auto { get; } = new(64, isAuto: true);

    /// <summary>The maximum number of concurrent lookups.</summary>
    public int Most { get; }

    /// <summary>Whether a lower limit is used if a higher one does not increase throughput.</summary>
    public bool IsAuto { get; }

    /// <summary>Creates a fixed limit.</summary>
    /// <param name="lookups">The maximum number of concurrent lookups.</param>
    public static implicit operator ConcurrencyLimit(int lookups) => new(lookups, isAuto: false);

    /// <summary>Parses the text form.</summary>
    /// <param name="s">A number, or <c>auto</c>.</param>
    /// <param name="provider">Ignored: the format does not depend on the culture.</param>
    /// <exception cref="FormatException"><paramref name="s"/> is neither.</exception>
    public static ConcurrencyLimit Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out ConcurrencyLimit limit)
        ? limit
        : throw new FormatException($"'{s}' is not a concurrency limit; write a number, such as 8, or auto.");

    /// <summary>Tries to parse the text form.</summary>
    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ConcurrencyLimit result)
    {
        bool isNumber = int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int lookups);
        bool isAuto = AutoText.Equals(s, StringComparison.OrdinalIgnoreCase);
        result = isAuto ? Auto : lookups;
        return isNumber || isAuto;
    }

    /// <summary>Returns the text form.</summary>
    public override string ToString() => IsAuto ? AutoText : Most.ToString(CultureInfo.InvariantCulture);
}
