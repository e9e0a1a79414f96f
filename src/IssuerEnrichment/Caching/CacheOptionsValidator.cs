using IssuerEnrichment.Registration;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Caching;

/// <summary>
/// Validates the cache of a source when the host starts, or when its enricher is first created: its options, and that a cache is registered.
/// </summary>
/// <param name="cache">Null if the container has none.</param>
internal sealed class CacheOptionsValidator(HybridCache? cache = null) : IValidateOptions<CacheOptions>
{
    private const string NoCache =
        "UseCache needs a HybridCache and none is registered: add one, such as with AddHybridCache of Microsoft.Extensions.Caching.Hybrid.";

    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        List<string> problems = [.. OptionsRules.Check(options)];
        if (cache is null)
            problems.Add(NoCache);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
