using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Registration;

/// <summary>The client of a source.</summary>
/// <param name="Source">The name of the source.</param>
/// <param name="ClientType">The type of the client.</param>
/// <param name="Attribute">The type of the attribute that the client loads.</param>
/// <param name="Create">Creates the client.</param>
internal sealed record ClientRegistration(string Source, Type ClientType, Type Attribute, Func<IServiceProvider, IssuerClientAdapter> Create);
