namespace IssuerEnrichment;

/// <summary>Implemented by a client that can tell, without a request, that an id makes no sense to its service.</summary>
/// <remarks>A refused id ends as <see cref="EnrichmentStatus.Invalid"/>; nothing is sent. Implementations must be thread-safe.</remarks>
public interface IIssuerIdValidator
{
    /// <summary>Says why an id cannot be asked for.</summary>
    /// <param name="issuerId">The id: not blank, no control characters.</param>
    /// <returns>One sentence that says what to mend, or <see langword="null"/> where the id may be sent.</returns>
    string? Refuse(string issuerId);
}
