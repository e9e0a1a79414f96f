using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Gleif;

/// <summary>Validates the options of the API client. Each message names the option, its value and the valid values.</summary>
internal sealed class GleifOptionsValidator : IValidateOptions<GleifOptions>
{
    public ValidateOptionsResult Validate(string? name, GleifOptions options)
    {
        List<string> problems = [.. Check(options)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Check(GleifOptions options)
    {
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" })
            yield return $"BaseAddress is '{options.BaseAddress}'; it must be an absolute http or https address without a query.";
        if (options.PageSize is < 1 or > 200)
            yield return $"PageSize is {options.PageSize}; it must be between 1 and 200.";
        if (options.MaxIsins is < 1 or > 1_000_000)
            yield return $"MaxIsins is {options.MaxIsins}; it must be between 1 and 1000000.";
    }
}
