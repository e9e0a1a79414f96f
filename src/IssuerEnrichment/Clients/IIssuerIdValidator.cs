namespace IssuerEnrichment;

/// <summary>Implemented by a client that can recognize an id as invalid without a request.</summary>
/// <remarks>An invalid id ends as <see cref="EnrichmentStatus.Invalid"/>, and no request is sent. Implementations must be thread-safe.</remarks>
public interface IIssuerIdValidator
{
    /// <summary>Validates an id.</summary>
    /// <param name="issuerId">The id. It is not blank and has no control characters.</param>
    /// <returns>One sentence that says why the id is invalid; <see langword="null"/> if it is valid.</returns>
    string? Refuse(string issuerId);
}
