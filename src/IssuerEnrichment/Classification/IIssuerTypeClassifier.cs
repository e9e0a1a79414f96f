namespace IssuerEnrichment;

/// <summary>Determines the type of an issuer.</summary>
/// <remarks>
/// Called once for each enriched issuer, possibly concurrently. Implementations must be thread-safe and fast, and must not perform I/O.
/// </remarks>
public interface IIssuerTypeClassifier
{
    /// <summary>Determines the type of one issuer. Must not throw.</summary>
    /// <param name="evidence">What is known about the issuer.</param>
    IssuerTypeDecision Classify(in IssuerTypeEvidence evidence);
}
