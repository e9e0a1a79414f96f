namespace IssuerEnrichment.Testing;

/// <summary>Creates exceptions for the ways in which a service can fail an attempt. Throw them from a <see cref="ScriptedIssuerClient"/>.</summary>
public static class ServiceFailure
{
    /// <summary>The service failed (status 500). A retry may succeed.</summary>
    public static IssuerServiceException Transient() =>
        new(EnrichmentErrorKind.ServiceError, "The service failed.", isTransient: true) { HttpStatus = 500 };

    /// <summary>
    /// The service throttled the request (status 429, RFC 6585 section 4). This pauses all lookups, and the attempt does not count.
    /// </summary>
    /// <param name="retryAfter">How long the service asks to wait (<c>Retry-After</c>, RFC 9110 section 10.2.3); null if it does not say.</param>
    public static IssuerServiceException Throttled(TimeSpan? retryAfter = null) =>
        new(EnrichmentErrorKind.Throttled, "The service is busy.", isTransient: true) { HttpStatus = 429, RetryAfter = retryAfter };

    /// <summary>The service rejected the request for this issuer for good (status 410).</summary>
    public static IssuerServiceException Permanent() =>
        new(EnrichmentErrorKind.Rejected, "The service rejected the issuer.", isTransient: false) { HttpStatus = 410 };
}
