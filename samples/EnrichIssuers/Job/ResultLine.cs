using System.Text.Json;

namespace EnrichIssuers.Job;

/// <summary>The output line for one input.</summary>
internal static class ResultLine
{
    /// <summary>Writes an outcome without the serializer, whose initialization would delay the first results.</summary>
    public static void Write(Utf8JsonWriter json, EnrichmentOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, outcome.IssuerId);
        json.WriteString("status"u8, NameOf(outcome.Status));
        json.WritePropertyName("isins"u8);
        Write(json, outcome.Isins);
        json.WriteString("type"u8, outcome.Type?.Name);
        json.WriteNumber("attempts"u8, outcome.Attempts);
        json.WriteString("source"u8, NameOf(outcome.Source));
        json.WriteString("error"u8, outcome.Error?.Message);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<string>? isins)
    {
        if (isins is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (string isin in isins)
            json.WriteStringValue(isin);
        json.WriteEndArray();
    }

    private static string? NameOf(EnrichmentSource source) => source switch
    {
        EnrichmentSource.Service => "service",
        EnrichmentSource.Journal => "journal",
        EnrichmentSource.Cache => "cache",
        _ => null,
    };

    private static string NameOf(EnrichmentStatus status) => status switch
    {
        EnrichmentStatus.Enriched => "enriched",
        EnrichmentStatus.NotFound => "not-found",
        EnrichmentStatus.Invalid => "invalid",
        EnrichmentStatus.Failed => "failed",
        _ => "not-attempted",
    };
}
