using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IssuerEnrichment;

/// <summary>How many lookups run at a time: a number, or <see cref="Auto"/>, as many as the service is found to bear.</summary>
/// <remarks>A number converts to it by itself. The text form is the number, or <c>auto</c>. Immutable, so safe for any number of threads.</remarks>
public readonly record struct ConcurrencyLimit : IParsable<ConcurrencyLimit>
{
    private const string AutoText = "auto";

    private ConcurrencyLimit(int most, bool isAuto)
    {
        Most = most;
        IsAuto = isAuto;
    }

    /// <summary>
    /// As many requests at once as get the most out of the service: from 4 up while throughput grows, down where it no longer does or the service
    /// fails, never below 1 or above 64.
    /// </summary>
    public static ConcurrencyLimit Auto { get; } = new(64, isAuto: true);

    /// <summary>The most lookups at a time.</summary>
    public int Most { get; }

    /// <summary>Whether fewer are used where the service gives no more for more.</summary>
    public bool IsAuto { get; }

    /// <summary>Exactly so many.</summary>
    /// <param name="lookups">Lookups at a time.</param>
    public static implicit operator ConcurrencyLimit(int lookups) => new(lookups, isAuto: false);

    /// <summary>Reads the text form.</summary>
    /// <param name="s">A number, or <c>auto</c>.</param>
    /// <param name="provider">Not used: the form is the same in every culture.</param>
    /// <exception cref="FormatException"><paramref name="s"/> is neither.</exception>
    public static ConcurrencyLimit Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out ConcurrencyLimit limit)
        ? limit
        : throw new FormatException($"'{s}' is no concurrency limit; write a number, such as 8, or auto.");

    /// <summary>Reads the text form, if it is one.</summary>
    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ConcurrencyLimit result)
    {
        bool isNumber = int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int lookups);
        bool isAuto = AutoText.Equals(s, StringComparison.OrdinalIgnoreCase);
        result = isAuto ? Auto : lookups;
        return isNumber || isAuto;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => IsAuto ? AutoText : Most.ToString(CultureInfo.InvariantCulture);
}
