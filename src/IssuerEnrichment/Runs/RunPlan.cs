using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>Everything a run needs to know, settled before it begins.</summary>
/// <param name="Options">What the caller wants of this run.</param>
/// <param name="Bounds">Bounds on memory.</param>
/// <param name="Strategy">Runs the lookups.</param>
/// <param name="MaxConcurrency">Requests at a time.</param>
/// <param name="IsConcurrencyFound">Whether that is only a bound, and the number of them is to be found out.</param>
/// <param name="MaxLookups">Lookups at a time: more than requests where one request is for many.</param>
/// <param name="Source">Whom to ask.</param>
/// <param name="Environment">What comes from outside.</param>
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
    /// <summary>Makes the outcomes.</summary>
    public OutcomeFactory Outcomes { get; } = new(Source.Classifier, Options.MarketSectors);

    public TimeProvider TimeProvider => Environment.TimeProvider;

    /// <summary>Opens the part of the source's journal, which it must have, that belongs to this run.</summary>
    /// <exception cref="EnrichmentJournalException">It cannot be opened.</exception>
    public ValueTask<RunJournal> OpenJournalAsync(RunLifetime lifetime)
    {
        JournalKey key = new(Options.Journal.Run, Environment.Source, Fingerprint.Of(Source.RequestShape));
        return RunJournal.OpenAsync(Environment.Journal!, key, Options.Journal.RetryFailed, lifetime, TimeProvider);
    }
}
