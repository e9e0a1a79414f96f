using IssuerEnrichment.Strategies;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Registration;

/// <summary>
/// Validates a source when the host starts, or when its enricher is first created: its options, its strategy, and that it has exactly one client.
/// </summary>
internal sealed class SourceValidator(IEnumerable<ClientRegistration> clients, IEnumerable<IEnrichmentStrategy> strategies)
    : IValidateOptions<IssuerEnrichmentOptions>
{
    public ValidateOptionsResult Validate(string? name, IssuerEnrichmentOptions options)
    {
        List<string> problems = [.. OptionsRules.Check(options)];
        if (options.Strategy is { } strategy && new StrategySet(strategies).Validate(strategy) is { } unknownStrategy)
            problems.Add(unknownStrategy);
        if (CheckClients(name ?? "") is { } wrongClients)
            problems.Add(wrongClients);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(problem => SourceName.Qualify(name ?? "", problem)));
    }

    private string? CheckClients(string source)
    {
        string[] types = [.. clients.Where(client => client.Source == source).Select(client => client.ClientType.Name)];
        string called = SourceName.Of(source);
        return types.Length switch
        {
            0 => $"No issuer client is registered for {called}: add one with AddHttpIssuerClient, AddIssuerClient, AddIssuerBatchClient or AddBlockingIssuerClient.",
            1 => null,
            _ => $"Several issuer clients are registered for {called} ({string.Join(", ", types)}): keep one, or give the other service a source of its own with AddIssuerEnrichment(\"name\").",
        };
    }
}
