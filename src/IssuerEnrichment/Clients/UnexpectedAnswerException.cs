namespace IssuerEnrichment.Clients;

/// <summary>Thrown when a response is not a list of ISINs: HTML, a truncated body, or JSON of another shape.</summary>
/// <param name="message">
/// One short sentence for the user. It names what was found, and never quotes the body, because the body is untrusted.
/// </param>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);
