using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>Why an input was not enriched.</summary>
/// <param name="Kind">What went wrong, for programs.</param>
/// <param name="Message">One sentence, for people.</param>
/// <param name="HttpStatus">The status of the last answer; null where there was none.</param>
/// <param name="Exception">What was thrown in the last attempt, if anything. It is no part of the JSON form.</param>
public sealed record EnrichmentError(
    EnrichmentErrorKind Kind, string Message, int? HttpStatus = null, [property: JsonIgnore] Exception? Exception = null)
{
    /// <summary>The kind and the message.</summary>
    public override string ToString() => $"{Kind}: {Message}";
}
