using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>Explains why an input was not enriched.</summary>
/// <param name="Kind">The category of the error, for programs.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="HttpStatus">The HTTP status of the last response; null if there was none.</param>
/// <param name="Exception">The exception thrown by the last attempt, if any. It is not serialized to JSON.</param>
public sealed record EnrichmentError(
    EnrichmentErrorKind Kind, string Message, int? HttpStatus = null, [property: JsonIgnore] Exception? Exception = null)
{
    /// <summary>Returns the kind and the message.</summary>
    public override string ToString() => $"{Kind}: {Message}";
}
