using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment;

/// <summary>Goes on where <c>AddIssuerEnrichment</c> ended: the client of the source, its strategy, its policies.</summary>
public interface IIssuerEnrichmentBuilder
{
    /// <summary>The name of the source; empty for the default one.</summary>
    string Name { get; }

    /// <summary>The services being registered.</summary>
    IServiceCollection Services { get; }
}
