using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>The settings of a run, determined before it starts.</summary>
/// <param name="Options">The caller's options for the run.</param>
/// <param name="Bounds">The bounds on memory.</param>
/// <param name="Strategy">Runs the lookups.</param>
/// <param name="MaxConcurrency">The maximum number of concurrent requests.</param>
/// <param name="IsConcurrencyFound">Whether that is only an upper bound below which the limit is learned.</param>
/// <param name="MaxLookups">The maximum number of concurrent lookups. Exceeds the number of requests if the client takes batches.</param>
/// <param name="Source">The source to query.</param>
/// <param name="Environment">The dependencies of the source.</param>
internal sealed record RunPlan(
    EnrichmentRunOptions Options,
    BoundsOptions Bounds,
    IEnrichmentStrategy Strategy,
    int MaxConcurrency,
    bool IsConcurrencyFound,
    int MaxLookups,
    IssuerSource Source,
    SourceEnvironment Environment)
{
    /// <summary>Creates the outcomes.</summary>
    public OutcomeFactory Outcomes { get; } = new(Source.Classifier, Options.MarketSectors);

    public TimeProvider TimeProvider => Environment.TimeProvider;

    /// <summary>Opens this run's part of the source's journal. The source must have one.</summary>
    /// <exception cref="EnrichmentJournalException">The journal cannot be opened.</exception>
    public ValueTask<RunJournal> OpenJournalAsync(RunLifetime lifetime)
    {
        JournalKey key = new(Options.Journal.Run, Environment.Source, Fingerprint.Of(Source.RequestShape));
        return RunJournal.OpenAsync(Environment.Journal!, key, Source.Format, Options.Journal.RetryFailed, lifetime, TimeProvider);
    }
}
