namespace IssuerEnrichment.Enrichment;

/// <summary>Puts outcomes into input order. No more are held than inputs are admitted at a time.</summary>
internal static class Reordering
{
    public static async IAsyncEnumerable<EnrichmentOutcome> Apply(IAsyncEnumerable<EnrichmentOutcome> outcomes)
    {
        Dictionary<long, EnrichmentOutcome> early = [];
        long next = 0;
        await foreach (EnrichmentOutcome outcome in outcomes.ConfigureAwait(false))
        {
            early.Add(outcome.Position, outcome);
            while (early.Remove(next, out EnrichmentOutcome? due))
            {
                next++;
                yield return due;
            }
        }
    }
}
