namespace IssuerEnrichment.Runs;

/// <summary>A run whose outcomes have the type of their attribute.</summary>
internal sealed class EnrichmentRun<T>(IEnrichmentRun run) : IEnrichmentRun<T>
    where T : notnull
{
    public EnrichmentReport Report => run.Report;

    public async IAsyncEnumerator<EnrichmentOutcome<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (EnrichmentOutcome outcome in run.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return new EnrichmentOutcome<T>(outcome);
    }
}
