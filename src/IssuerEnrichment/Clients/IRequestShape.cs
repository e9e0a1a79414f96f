namespace IssuerEnrichment;

/// <summary>
/// Implemented by a client whose answers depend on its configuration, so that a journal does not mix answers to different questions.
/// </summary>
/// <remarks>
/// Without this interface, the name of the client's type is used. The built-in HTTP client uses its address, its suffix and its path to the ISINs.
/// </remarks>
public interface IRequestShape
{
    /// <summary>
    /// All settings besides the issuer's id that affect the answers, for example an address, a market or a date. The format is arbitrary, but must
    /// not change from run to run. Omit settings that do not affect the answers, such as timeouts, and omit secrets. Only a hash of the value is
    /// stored.
    /// </summary>
    string RequestShape { get; }
}
