using IssuerEnrichment.Registration;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Http;

/// <summary>Validates the options of the HTTP client. Each message names the option, its value and the valid values.</summary>
internal sealed class HttpIssuerClientOptionsValidator : IValidateOptions<HttpIssuerClientOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpIssuerClientOptions options)
    {
        List<string> problems = [.. Check(options)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(problem => SourceName.Qualify(name ?? "", problem)));
    }

    private static IEnumerable<string> Check(HttpIssuerClientOptions options)
    {
        if (options.BaseAddress is not { } address)
            yield return "BaseAddress is not set; it must be the service's absolute http or https address.";
        else if (!address.IsAbsoluteUri || !ServiceAddress.IsHttp(address))
            yield return $"BaseAddress is '{ServiceAddress.Describe(address)}'; it must be an absolute http or https address.";
        else if (address.Fragment.Length > 0)
            yield return $"BaseAddress is '{ServiceAddress.Describe(address)}'; what follows '#' is never sent, so an id cannot be appended to it.";

        if (options.AnswerPath is { } path && !AnswerPath.TryParse(path, out _, out string? error))
            yield return $"AnswerPath is '{path}': {error}";
        if (options.MaxAnswerBytes is < 1 or > 1 << 30)
            yield return $"MaxAnswerBytes is {options.MaxAnswerBytes}; it must be between 1 and {1 << 30}.";
        foreach ((string header, string value) in options.Headers)
        {
            using HttpRequestMessage probe = new();
            if (!probe.Headers.TryAddWithoutValidation(header, ""))
                yield return $"Headers holds '{header}', which is not a request header.";

            // For example the line break at the end of a file with an API key. The header would silently not be sent.
            else if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
                yield return $"The value of the header '{header}' holds a line break.";
        }
    }
}
