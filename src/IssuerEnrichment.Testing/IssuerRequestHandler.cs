namespace IssuerEnrichment.Testing;

/// <summary>Answers one request for an issuer, or passes it on to the handler it wraps.</summary>
/// <param name="request">The request; it is answered when the returned task ends.</param>
public delegate Task IssuerRequestHandler(IssuerRequest request);
