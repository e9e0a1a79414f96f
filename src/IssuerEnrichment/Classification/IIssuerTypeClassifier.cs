namespace IssuerEnrichment;

/// <summary>Decides the type of an issuer from what is known about it.</summary>
/// <remarks>Called once for each enriched issuer, possibly from several threads at once: keep it quick, pure and free of I/O.</remarks>
public interface IIssuerTypeClassifier
{
    /// <summary>Decides the type of one issuer. Must always decide, and not throw.</summary>
    /// <param name="evidence">What is known about the issuer.</param>
    IssuerTypeDecision Classify(in IssuerTypeEvidence evidence);
}
