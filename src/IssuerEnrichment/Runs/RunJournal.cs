using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>The journal as one run uses it. Whatever fails there is told once, and ends everything in flight.</summary>
internal sealed class RunJournal : IAsyncDisposable
{
    private readonly IJournalRun _journal;
    private readonly bool _retryFailed;
    private readonly RunLifetime _lifetime;
    private readonly TimeProvider _timeProvider;
    private EnrichmentJournalException? _failure;

    private RunJournal(IJournalRun journal, bool retryFailed, RunLifetime lifetime, TimeProvider timeProvider)
    {
        _journal = journal;
        _retryFailed = retryFailed;
        _lifetime = lifetime;
        _timeProvider = timeProvider;
    }

    /// <summary>What failed first; null while nothing has.</summary>
    public EnrichmentJournalException? Failure => Volatile.Read(ref _failure);

    /// <summary>Opens the journal of a source for a run of it.</summary>
    /// <exception cref="EnrichmentJournalException">It cannot be opened.</exception>
    /// <param name="journal">The journal.</param>
    /// <param name="key">Whose verdicts they are.</param>
    /// <param name="retryFailed">Whether a failure is no verdict.</param>
    /// <param name="lifetime">Ends the run.</param>
    /// <param name="timeProvider">The clock.</param>
    public static async ValueTask<RunJournal> OpenAsync(
        IEnrichmentJournal journal, JournalKey key, bool retryFailed, RunLifetime lifetime, TimeProvider timeProvider)
    {
        try
        {
            Task<IJournalRun> opening = journal.OpenAsync(key, lifetime.Abandoned).AsTask();
            try
            {
                IJournalRun run = await Grace.AwaitAsync(new ValueTask<IJournalRun>(opening), timeProvider, lifetime.Abandoned).ConfigureAwait(false);
                return new RunJournal(run, retryFailed, lifetime, timeProvider);
            }
            catch when (!opening.IsCompleted)
            {
                // Opened too late, it would be locked for as long as the process lives.
                _ = CloseAsync(opening);
                throw;
            }
        }
        catch (Exception e) when (!IsGivenUp(e, lifetime))
        {
            throw Explain(e);
        }
    }

    /// <summary>Finds a verdict that need not be asked for again.</summary>
    /// <exception cref="EnrichmentJournalException">The journal cannot be read.</exception>
    public async ValueTask<JournalRecord?> FindAsync(string issuerId)
    {
        try
        {
            JournalRecord? record = await Grace
                .AwaitAsync(_journal.FindAsync(issuerId, _lifetime.Abandoned), _timeProvider, _lifetime.Abandoned).ConfigureAwait(false);
            return _retryFailed && record is { Status: EnrichmentStatus.Failed } ? null : record;
        }
        catch (Exception e) when (!IsGivenUp(e, _lifetime))
        {
            await BreakAsync(e).ConfigureAwait(false);
            throw _failure!;
        }
    }

    /// <summary>Waits until a verdict survives a crash; false where it cannot be kept, so that it is none: the next run asks again.</summary>
    public async ValueTask<bool> TryKeepAsync(EnrichmentOutcome outcome)
    {
        if (JournalRecord.Of(outcome, _timeProvider.GetUtcNow()) is not { } record)
            return true;
        try
        {
            await Grace.AwaitAsync(_journal.WriteAsync(record, _lifetime.Abandoned), _timeProvider, _lifetime.Abandoned).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            if (!IsGivenUp(e, _lifetime))
                await BreakAsync(e).ConfigureAwait(false);
            return false;
        }
    }

    // Once the run is abandoned it may be left in the middle of a write.
    public ValueTask DisposeAsync() => Grace.AwaitAsync(_journal.DisposeAsync(), _timeProvider, _lifetime.Abandoned);

    private static async Task CloseAsync(Task<IJournalRun> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private Task BreakAsync(Exception e)
    {
        Interlocked.CompareExchange(ref _failure, Explain(e), null);
        return _lifetime.AbandonAsync();
    }

    private static EnrichmentJournalException Explain(Exception e) =>
        e as EnrichmentJournalException ?? new EnrichmentJournalException($"The journal threw {e.GetType().Name}: {e.Message}", e);

    private static bool IsGivenUp(Exception e, RunLifetime lifetime) => e is OperationCanceledException && lifetime.Abandoned.IsCancellationRequested;
}
