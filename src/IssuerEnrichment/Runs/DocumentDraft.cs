namespace IssuerEnrichment.Runs;

/// <summary>A copy of a document in which the issuers are replaced by enriched ones, one by one.</summary>
internal sealed class DocumentDraft(IssuerDocument document, EnrichmentRunOptions? options)
{
    private readonly Issuer[] _issuers = [.. document.Issuers];

    public IEnumerable<int> Places => Enumerable.Range(0, _issuers.Length).ToArray();

    public EnrichmentRunOptions Options { get; } = (options ?? new EnrichmentRunOptions()) with { MarketSectors = document.MarketSectors };

    public string? IdAt(int place) => _issuers[place]?.Id;

    public void Apply(int place, EnrichmentOutcome found) =>
        _issuers[place] = _issuers[place] with { Isins = found.Isins, Type = found.Type };

    public DocumentEnrichmentResult ToResult(EnrichmentResult result) =>
        new(document with { Issuers = _issuers }, result.Outcomes, result.Report);
}
