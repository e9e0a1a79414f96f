namespace IssuerEnrichment;

/// <summary>Why an input was not enriched.</summary>
/// <param name="Kind">What went wrong, for programs.</param>
/// <param name="Message">One sentence, for people.</param>
/// <param name="HttpStatus">The status of the last answer; null where there was none.</param>
/// <param name="Exception">What was thrown in the last attempt, if anything.</param>
public sealed record EnrichmentError(EnrichmentErrorKind Kind, string Message, int? HttpStatus = null, Exception? Exception = null);
