using System.CommandLine.Parsing;
using System.Globalization;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>Reads option values; what it cannot read becomes a sentence on standard error.</summary>
internal static class Parsing
{
    public static double Share(ArgumentResult argument) =>
        TryNumber(Text(argument), out double share) && share <= 1 ? share : Refuse<double>(argument, "a share from 0 to 1, such as 0.05");

    public static double Number(ArgumentResult argument) =>
        TryNumber(Text(argument), out double number) ? number : Refuse<double>(argument, "a number such as 0.5");

    public static int? Count(ArgumentResult argument) =>
        TryCount(Text(argument), out int count) ? count : Refuse<int?>(argument, "a whole number above 0");

    public static TimeSpan? Duration(ArgumentResult argument) =>
        TryDuration(Text(argument), out TimeSpan duration) ? duration : Refuse<TimeSpan?>(argument, "a time such as 500ms, 10s or 2m");

    public static Rate? Rate(ArgumentResult argument) =>
        Text(argument).Split('/') is [var permits, var period]
        && TryCount(permits, out int count) && TryDuration(period, out TimeSpan duration) && duration > TimeSpan.Zero
            ? new(count, duration)
            : Refuse<Rate?>(argument, "a rate such as 200/1s or 60/1m");

    public static T? Choice<T>(ArgumentResult argument, IReadOnlyDictionary<string, T> choices) =>
        choices.TryGetValue(Text(argument), out T? choice) ? choice : Refuse<T>(argument, "one of " + string.Join(", ", choices.Keys));

    private static string Text(ArgumentResult argument) => argument.Tokens.Single().Value;

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        string number = text.TrimEnd('m', 's');
        double? milliseconds = text[number.Length..] switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            _ => null,
        };
        bool valid = TryNumber(number, out double count) && milliseconds is not null && count * milliseconds < int.MaxValue;
        duration = valid ? TimeSpan.FromMilliseconds(count * milliseconds!.Value) : default;
        return valid;
    }

    private static T? Refuse<T>(ArgumentResult argument, string expected)
    {
        argument.AddError($"'{Text(argument)}' is not {expected}.");
        return default;
    }
}
