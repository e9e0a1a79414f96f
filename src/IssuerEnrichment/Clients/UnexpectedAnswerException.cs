namespace IssuerEnrichment.Clients;

/// <summary>A service answered with something that is no list of ISINs: HTML, half a body, JSON of another shape.</summary>
/// <param name="message">
/// One short sentence for a user. It names the kind of thing found and never quotes the body, which comes from outside and may
/// hold anything.
/// </param>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);
