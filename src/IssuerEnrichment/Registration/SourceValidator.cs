using IssuerEnrichment.Caching;
using IssuerEnrichment.Strategies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Registration;

/// <summary>
/// Validates a source when the host starts, or when its enricher is first created: its options, its strategy, and that it has exactly one client.
/// </summary>
internal sealed class SourceValidator(IServiceProvider provider, IEnumerable<ClientRegistration> clients, IEnumerable<IEnrichmentStrategy> strategies)
    : IValidateOptions<IssuerEnrichmentOptions>
{
    public ValidateOptionsResult Validate(string? name, IssuerEnrichmentOptions options)
    {
        List<string> problems = [.. OptionsRules.Check(options)];
        if (options.Strategy is { } strategy && new StrategySet(strategies).Validate(strategy) is { } unknownStrategy)
            problems.Add(unknownStrategy);
        if (CheckClients(name ?? "") is { } wrongClients)
            problems.Add(wrongClients);
        if (CheckFormat(name ?? "") is { } wrongFormat)
            problems.Add(wrongFormat);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(problem => SourceName.Qualify(name ?? "", problem)));
    }

    private string? CheckFormat(string source)
    {
        AnswerFormat format = provider.GetFormat(source);
        if (clients.FirstOrDefault(client => client.Source == source && client.Attribute != format.Type) is { } other)
        {
            string loaded = other.Attribute == AnswerFormat.Isins.Type ? AnswerFormat.Isins.Name : AnswerFormat.NameOf(other.Attribute);
            return $"The client {other.ClientType.Name} loads {loaded}, but {SourceName.Of(source)} loads {format.Name}.";
        }

        if (format.IsSerializable || provider.GetService<IServiceProviderIsKeyedService>() is not { } services)
            return null;
        return services.IsKeyedService(typeof(IEnrichmentJournal), source) || services.IsKeyedService(typeof(AnswerCache), source)
            ? $"A journal or cache of {SourceName.Of(source)} stores {format.Name} as JSON: add its JsonTypeInfo with UseJson."
            : null;
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
