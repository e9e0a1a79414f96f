namespace IssuerEnrichment.Testing;

/// <summary>Responds to a request for an issuer, or passes it on to the inner handler.</summary>
/// <param name="request">The request. The response is complete when the returned task completes.</param>
public delegate Task IssuerRequestHandler(IssuerRequest request);
