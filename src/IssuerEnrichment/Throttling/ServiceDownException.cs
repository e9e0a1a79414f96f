namespace IssuerEnrichment.Throttling;

/// <summary>A request is not sent, for the service is down. Its lookup waits without a place until the service answers again.</summary>
internal sealed class ServiceDownException() : Exception("The service is down.");
