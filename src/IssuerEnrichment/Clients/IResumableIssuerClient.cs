namespace IssuerEnrichment;

/// <summary>Implemented by a client whose next attempt goes on where the last one stopped, such as one that reads page after page.</summary>
/// <remarks>
/// An attempt that got further is no vain one: after it, the attempts allowed are counted anew, so that they are allowed for each page rather than for
/// all of them together. Implementations must be thread-safe.
/// </remarks>
public interface IResumableIssuerClient
{
    /// <summary>Tells whether the attempt that has just failed brought something that the next one need not ask for again.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    bool GotFurther(string issuerId);
}
