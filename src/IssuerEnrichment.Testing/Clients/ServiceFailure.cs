namespace IssuerEnrichment.Testing;

/// <summary>The ways in which a service fails an attempt, to be thrown by a <see cref="ScriptedIssuerClient"/>.</summary>
public static class ServiceFailure
{
    /// <summary>The service failed (status 500), and may do better next time.</summary>
    public static IssuerServiceException Transient() =>
        new(EnrichmentErrorKind.ServiceError, "The service failed.", isTransient: true) { HttpStatus = 500 };

    /// <summary>The service asks for a slower pace (status 429, RFC 6585 section 4), which holds back all lookups and costs no attempt.</summary>
    /// <param name="retryAfter">How long it asks to be left alone (<c>Retry-After</c>, RFC 9110 section 10.2.3); null where it does not say.</param>
    public static IssuerServiceException Throttled(TimeSpan? retryAfter = null) =>
        new(EnrichmentErrorKind.Throttled, "The service is busy.", isTransient: true) { HttpStatus = 429, RetryAfter = retryAfter };

    /// <summary>The service rejects this issuer (status 410), and would again.</summary>
    public static IssuerServiceException Permanent() =>
        new(EnrichmentErrorKind.Rejected, "The service rejected the issuer.", isTransient: false) { HttpStatus = 410 };
}
