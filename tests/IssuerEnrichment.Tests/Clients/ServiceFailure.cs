namespace IssuerEnrichment.Tests.Clients;

/// <summary>The ways in which a service fails an attempt.</summary>
internal static class ServiceFailure
{
    public static IssuerServiceException Transient(TimeSpan? retryAfter = null) =>
        new(EnrichmentErrorKind.ServiceError, "The service failed.", isTransient: true) { HttpStatus = 500, RetryAfter = retryAfter };

    public static IssuerServiceException Throttled(TimeSpan? retryAfter = null) =>
        new(EnrichmentErrorKind.Throttled, "The service is busy.", isTransient: true) { HttpStatus = 429, RetryAfter = retryAfter };

    public static IssuerServiceException Permanent() =>
        new(EnrichmentErrorKind.Refused, "The service refused.", isTransient: false) { HttpStatus = 403 };
}
