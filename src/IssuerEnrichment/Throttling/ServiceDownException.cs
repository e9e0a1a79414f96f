namespace IssuerEnrichment.Throttling;

/// <summary>Thrown instead of sending a request, because the service is down. The lookup waits without a slot until the service recovers.</summary>
internal sealed class ServiceDownException() : Exception("The service is down.");
