namespace IssuerEnrichment;

/// <summary>Implemented by a client whose next attempt resumes where the last one failed, for example one that reads page by page.</summary>
/// <remarks>
/// An attempt that made progress resets the count of attempts. <see cref="RetryOptions.MaxAttempts"/> then applies to each page rather than to all of
/// them together. Implementations must be thread-safe.
/// </remarks>
public interface IResumableIssuerClient
{
    /// <summary>Returns whether the attempt that just failed retrieved something that the next attempt need not request again.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    bool GotFurther(string issuerId);
}
