using System.Globalization;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Registration;

/// <summary>An option that configuration can set.</summary>
/// <param name="Path">
/// Its key relative to the section, such as <c>Retry:MaxAttempts</c>. A key that ends in <c>*</c> matches any number of keys.
/// </param>
/// <param name="Allowed">A description of its valid values, for messages.</param>
/// <param name="TrySet">Sets the option, given the last part of the key and the value; false if the value cannot be parsed.</param>
internal sealed record ConfiguredOption<TOptions>(string Path, string Allowed, Func<TOptions, string, string, bool> TrySet)
{
    /// <summary>Applies an empty value; null if an empty value is invalid.</summary>
    public Action<TOptions>? Clear { get; init; }

    /// <summary>Whether the value may contain a password and must not be shown.</summary>
    public bool IsSecret { get; init; }

    public static ConfiguredOption<TOptions> Text(string path, Action<TOptions, string> set) => new(path, "any text", (options, _, text) =>
    {
        set(options, text);
        return true;
    });

    public static ConfiguredOption<TOptions> Whole(string path, Action<TOptions, int> set) => new(path, "a whole number", (options, _, text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && Set(set, options, value));

    public static ConfiguredOption<TOptions> Number(string path, Action<TOptions, double> set) => new(path, "a number, such as 0.5", (options, _, text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double value) && Set(set, options, value));

    public static ConfiguredOption<TOptions> Switch(string path, Action<TOptions, bool> set) => new(path, "'true' or 'false'", (options, _, text) =>
        bool.TryParse(text, out bool value) && Set(set, options, value));

    public static ConfiguredOption<TOptions> Duration(string path, Action<TOptions, TimeSpan> set) => new(
        path,
        "a time, such as '500ms', '10s', '2m' or '00:00:10'",
        (options, _, text) => TryReadDuration(text.Trim(), out TimeSpan value) && Set(set, options, value));

    public static ConfiguredOption<TOptions> Parsed<TValue>(string path, string allowed, Action<TOptions, TValue> set)
        where TValue : IParsable<TValue> => new(
        path, allowed, (options, _, text) => TValue.TryParse(text, CultureInfo.InvariantCulture, out TValue? value) && Set(set, options, value));

    private static bool Set<TValue>(Action<TOptions, TValue> set, TOptions options, TValue value)
    {
        set(options, value);
        return true;
    }

    // TimeSpan would parse a bare number as days, but most people would expect seconds.
    private static bool TryReadDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Contains(':'))
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration);
        if (WrittenDuration.Seconds(text) is not { } seconds || text.StartsWith('-') || seconds > TimeSpan.MaxValue.TotalSeconds / 2)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
