using System.Globalization;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Runs;

namespace IssuerEnrichment.Planning;

/// <summary>Creates the plan of a run: reads its inputs as the run would, and estimates the requests for the issuers to look up.</summary>
internal sealed class PlanMaker(RunPlan run, TimeSpan? typicalLatency)
{
    private readonly RunTime _time = new(run, typicalLatency ?? run.Source.TypicalLatency);
    private readonly InputCount _count = new(run.Source, run.Bounds.HeldVerdicts);

    public async Task<EnrichmentPlan> MakeAsync(IAsyncEnumerable<string?> issuerIds, CancellationToken cancellationToken)
    {
        if (run.Environment.Journal is null)
            return Foresee(await CountAsync(issuerIds, journal: null, cancellationToken).ConfigureAwait(false));
        using RunLifetime lifetime = new(run.TimeProvider, deadline: null, run.Options.Stop, cancellationToken);
        RunJournal verdicts = await run.OpenJournalAsync(lifetime).ConfigureAwait(false);
        await using (verdicts.ConfigureAwait(false))
            return Foresee(await CountAsync(issuerIds, verdicts, cancellationToken).ConfigureAwait(false));
    }

    /// <returns>The number of issuers with an outcome in the journal.</returns>
    private async Task<long> CountAsync(IAsyncEnumerable<string?> issuerIds, RunJournal? journal, CancellationToken cancellationToken)
    {
        long known = 0;
        await foreach (string? issuerId in issuerIds.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_count.Add(issuerId) && journal is not null && await journal.FindAsync(issuerId!).ConfigureAwait(false) is not null)
                known++;
        }

        return known;
    }

    private EnrichmentPlan Foresee(long known)
    {
        long issuers = _count.Inputs - _count.Invalid - _count.Duplicates - known;
        RequestEstimate requests = run.Source.EstimateRequests(issuers, run.MaxLookups);
        RunLimit limit = _time.LimitOf(requests.Expected);
        long beyondDeadline = issuers - CountInTime(issuers);
        return new EnrichmentPlan
        {
            Inputs = _count.Inputs,
            Invalid = _count.Invalid,
            Duplicates = _count.Duplicates,
            Known = known,
            Requests = _time.Of(requests),
            Alternatives = [.. requests.Alternatives.Select(_time.Of)],
            BeyondDeadline = beyondDeadline,
            LimitedBy = limit,
            Advice = requests.Expected == 0
                ? "No requests are needed."
                : Advise(limit, requests.Expected) + AdviseOnDeadline(beyondDeadline),
        };
    }

    private long CountInTime(long issuers)
    {
        if (run.Options.Deadline is not { } deadline)
            return issuers;
        long least = 0;
        long most = issuers;
        while (least < most)
        {
            long middle = least + ((most - least + 1) / 2);
            TimeSpan? time = _time.Expected(run.Source.EstimateRequests(middle, run.MaxLookups).Expected);
            if (time is null || time <= deadline)
                least = middle;
            else
                most = middle - 1;
        }

        return least;
    }

    private string Advise(RunLimit limit, long requests) => limit switch
    {
        RunLimit.Rate when !_time.IsLatencyKnown && requests > 1 =>
            $"The rate limit of {run.Source.Pace!.Limit} sets the time, as long as an answer takes no more than {PlanText.Of(_time.Least(requests) / (requests - 1) * run.MaxConcurrency)}.",
        RunLimit.Rate => $"The rate limit of {run.Source.Pace!.Limit} sets the time; a higher RateLimit would help, if the service allows it.",
        RunLimit.Concurrency when run.MaxConcurrency == 1 => "Lookups run one at a time; a concurrent strategy would help.",
        RunLimit.Concurrency => $"All {run.MaxConcurrency} lookups will run concurrently; a higher MaxConcurrency would help, if the service can sustain it.",
        _ => "All requests can be in flight at once; the latency of the service determines the duration.",
    };

    private string AdviseOnDeadline(long issuers) => issuers == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $" The deadline of {PlanText.Of(run.Options.Deadline!.Value)} leaves no time for {issuers:N0} of the issuers.");
}
