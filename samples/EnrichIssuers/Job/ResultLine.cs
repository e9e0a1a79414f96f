namespace EnrichIssuers.Job;

/// <summary>What is written for one input.</summary>
internal sealed record ResultLine(
    string? Id, string Status, IReadOnlyList<string>? Isins, string? Type, int Attempts, string? Source, string? Error)
{
    public static ResultLine Of(EnrichmentOutcome outcome) => new(
        outcome.IssuerId,
        NameOf(outcome.Status),
        outcome.Isins,
        outcome.Type?.Name,
        outcome.Attempts,
        NameOf(outcome.Source),
        outcome.Error?.Message);

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
