namespace IssuerEnrichment;

/// <summary>Implemented by a client whose answers depend on how it is set up, so that a journal tells answers to different questions apart.</summary>
/// <remarks>Of a client that does not implement it the name of its type is taken. The HTTP client's is its address, its suffix and its path of the ISINs.</remarks>
public interface IRequestShape
{
    /// <summary>
    /// Everything that decides an answer besides the issuer's id, in any form that stays the same from run to run: an address, a market, a date. Leave
    /// out what does not, such as timeouts, and secrets. It is kept as a fingerprint only.
    /// </summary>
    string RequestShape { get; }
}
