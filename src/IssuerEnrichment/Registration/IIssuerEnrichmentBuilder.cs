using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment;

/// <summary>Configures a source: its client, strategy and policies. Returned by <c>AddIssuerEnrichment</c>.</summary>
public interface IIssuerEnrichmentBuilder
{
    /// <summary>The name of the source; empty for the default source.</summary>
    string Name { get; }

    /// <summary>The service collection.</summary>
    IServiceCollection Services { get; }
}
