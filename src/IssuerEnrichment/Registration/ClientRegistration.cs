using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Registration;

/// <summary>Which client a source asks.</summary>
internal sealed record ClientRegistration(string Source, Type ClientType, Func<IServiceProvider, IssuerClientAdapter> Create);
