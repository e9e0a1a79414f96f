using System.Net;

namespace IssuerEnrichment.Policies;

/// <summary>Tells an HTTP status that another attempt may mend from one that it will not.</summary>
internal static class HttpFailure
{
    /// <summary>408, 429 and 5xx are transient (RFC 9110 section 15, RFC 6585 section 4); every other status would come again.</summary>
    public static IssuerServiceException From(HttpStatusCode status, Exception? cause = null, TimeSpan? retryAfter = null)
    {
        int code = (int)status;
        (EnrichmentErrorKind kind, string message) = code switch
        {
            429 => (EnrichmentErrorKind.Throttled, "The service asked for a slower pace (429)."),
            401 or 403 => (EnrichmentErrorKind.Refused, $"The service refused access ({code}): check the credentials."),
            408 or >= 500 => (EnrichmentErrorKind.ServiceError, $"The service failed with status {code}."),
            >= 300 and < 400 => (EnrichmentErrorKind.Refused, $"The service redirected to where the client does not follow ({code})."),
            _ => (EnrichmentErrorKind.Refused, $"The service refused the request with status {code}."),
        };
        return new IssuerServiceException(kind, message, isTransient: kind != EnrichmentErrorKind.Refused, cause)
        {
            HttpStatus = code,
            RetryAfter = retryAfter,
        };
    }
}
