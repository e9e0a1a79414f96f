using CsvHelper.Configuration.Attributes;

namespace LeiReport;

/// <summary>One line of the report.</summary>
internal sealed record ReportRow(
    [property: Name("lei")] string? Lei,
    [property: Name("name")] string? EntityName,
    [property: Name("status")] string Status,
    [property: Name("isins")] int? Isins,
    [property: Name("complete")] bool Complete,
    [property: Name("type")] string? Type,
    [property: Name("data date"), Format("yyyy-MM-dd")] DateTimeOffset? DataDate,
    [property: Name("error")] string? Error)
{
    public static ReportRow Of(EnrichmentOutcome outcome) => new(
        outcome.IssuerId,
        outcome.Provenance?.Facts.GetValueOrDefault(GleifFact.Name),
        outcome.Status.ToString(),
        outcome.Isins?.Count,
        outcome.Provenance?.IsComplete ?? false,
        outcome.Type?.Name,
        outcome.Provenance?.DataDate,
        outcome.Error?.Message);
}
