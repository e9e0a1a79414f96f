using System.CommandLine.Parsing;
using System.Globalization;

namespace EnrichIssuers.Job;

/// <summary>Parses the values of options. An invalid value results in an error message.</summary>
internal static class OptionValue
{
    // The longest deadline that the library accepts.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(30);

    public static Uri? Service(ArgumentResult argument) =>
        Uri.TryCreate(Text(argument), UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : Reject<Uri>(argument, "an absolute http or https address, such as http://host/issuers/");

    public static JobSource Source(ArgumentResult argument) => Text(argument) switch
    {
        "service" => JobSource.Service,
        "gleif" => JobSource.Gleif,
        "gleif-file" => JobSource.GleifFile,
        _ => Reject<JobSource>(argument, "a source: service, gleif or gleif-file"),
    };

    public static int? Count(ArgumentResult argument) =>
        int.TryParse(Text(argument), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : Reject<int?>(argument, "a whole number");

    public static ConcurrencyLimit? MaxConcurrency(ArgumentResult argument) =>
        ConcurrencyLimit.TryParse(Text(argument), null, out ConcurrencyLimit limit)
            ? limit
            : Reject<ConcurrencyLimit?>(argument, "a number of lookups, such as 8, or auto");

    public static TimeSpan? Duration(ArgumentResult argument) =>
        TryDuration(Text(argument), out TimeSpan duration) ? duration : Reject<TimeSpan?>(argument, "a time such as 500ms, 10s or 2m");

    public static string? File(ArgumentResult argument) =>
        string.IsNullOrWhiteSpace(Text(argument)) ? Reject<string>(argument, "the path of a file") : Text(argument);

    public static RateLimit? Rate(ArgumentResult argument)
    {
        RateLimit? all = null;
        foreach (Token token in argument.Tokens)
        {
            if (!RateLimit.TryParse(token.Value, null, out RateLimit? limit))
                return Reject<RateLimit>(argument, "a rate such as 100/1s or 60/1m", token.Value);
            all = all?.And(limit) ?? limit;
        }

        return all;
    }

    public static KeyValuePair<string, string>[]? Headers(ArgumentResult argument)
    {
        List<KeyValuePair<string, string>> headers = [];
        foreach (Token token in argument.Tokens)
        {
            string[] parts = token.Value.Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts is [{ Length: > 0 } name, { Length: > 0 } value] && value.All(c => c is >= ' ' and <= '~'))
                headers.Add(new(name, value));
            else
                argument.AddError("--header must be 'Name: value', quoted as one argument, in printable ASCII.");
        }

        return [.. headers];
    }

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        string number = text.TrimEnd('m', 's', 'h');
        TimeSpan unit = text[number.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };
        bool valid = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            && unit > TimeSpan.Zero
            && count > 0
            && count <= MaxDuration / unit;
        duration = valid ? unit * count : default;
        return valid;
    }

    private static string Text(ArgumentResult argument) => argument.Tokens.Single().Value;

    private static T? Reject<T>(ArgumentResult argument, string expected, string? text = null)
    {
        string option = (argument.Parent as OptionResult)?.IdentifierToken?.Value ?? "The value";
        argument.AddError($"{option} '{text ?? Text(argument)}' is not {expected}.");
        return default;
    }
}
