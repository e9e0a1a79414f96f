using System.Text.Json;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>The journal of one run. The first failure of the journal ends the run.</summary>
internal sealed class RunJournal : IAsyncDisposable
{
    private readonly IJournalRun _journal;
    private readonly AnswerFormat _format;
    private readonly bool _retryFailed;
    private readonly RunLifetime _lifetime;
    private readonly TimeProvider _timeProvider;
    private EnrichmentJournalException? _failure;

    private RunJournal(IJournalRun journal, AnswerFormat format, bool retryFailed, RunLifetime lifetime, TimeProvider timeProvider)
    {
        _journal = journal;
        _format = format;
        _retryFailed = retryFailed;
        _lifetime = lifetime;
        _timeProvider = timeProvider;
    }

    /// <summary>The first failure; null if there was none.</summary>
    public EnrichmentJournalException? Failure => Volatile.Read(ref _failure);

    /// <summary>Opens the journal for a run.</summary>
    /// <exception cref="EnrichmentJournalException">The journal cannot be opened.</exception>
    /// <param name="journal">The journal.</param>
    /// <param name="key">Identifies the records of the run.</param>
    /// <param name="format">The format of the answers.</param>
    /// <param name="retryFailed">Whether recorded failures are ignored.</param>
    /// <param name="lifetime">Ends the run.</param>
    /// <param name="timeProvider">The clock.</param>
    public static async ValueTask<RunJournal> OpenAsync(
        IEnrichmentJournal journal, JournalKey key, AnswerFormat format, bool retryFailed, RunLifetime lifetime, TimeProvider timeProvider)
    {
        try
        {
            Task<IJournalRun> opening = journal.OpenAsync(key, lifetime.Abandoned).AsTask();
            try
            {
                IJournalRun run = await Grace.AwaitAsync(new ValueTask<IJournalRun>(opening), timeProvider, lifetime.Abandoned).ConfigureAwait(false);
                return new RunJournal(run, format, retryFailed, lifetime, timeProvider);
            }
            catch when (!opening.IsCompleted)
            {
                // Close it when it does open. Otherwise it would stay locked for the lifetime of the process.
                _ = CloseAsync(opening);
                throw;
            }
        }
        catch (Exception e) when (!IsGivenUp(e, lifetime))
        {
            throw Explain(e);
        }
    }

    /// <summary>Finds the recorded outcome of an id, with its answer; null if the id must be looked up.</summary>
    /// <exception cref="EnrichmentJournalException">The journal cannot be read.</exception>
    public async ValueTask<(JournalRecord Record, object? Answer)?> FindAsync(string issuerId)
    {
        try
        {
            JournalRecord? record = await Grace
                .AwaitAsync(_journal.FindAsync(issuerId, _lifetime.Abandoned), _timeProvider, _lifetime.Abandoned).ConfigureAwait(false);
            return record is null || (_retryFailed && record.Status == EnrichmentStatus.Failed) ? null : (record, Read(record));
        }
        catch (Exception e) when (!IsGivenUp(e, _lifetime))
        {
            await BreakAsync(e).ConfigureAwait(false);
            throw _failure!;
        }
    }

    /// <summary>Records an outcome, and waits until it is durable. Returns false if that failed, so that the outcome must not be delivered.</summary>
    public async ValueTask<bool> TryKeepAsync(EnrichmentOutcome outcome)
    {
        try
        {
            if (JournalRecord.Of(outcome, _format, _timeProvider.GetUtcNow()) is not { } record)
                return true;
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

    // Once the run is abandoned, a write may still be in progress.
    public ValueTask DisposeAsync() => Grace.AwaitAsync(_journal.DisposeAsync(), _timeProvider, _lifetime.Abandoned);

    private object? Read(JournalRecord record)
    {
        try
        {
            return record.Answer is { } answer ? _format.Read(answer) : null;
        }
        catch (JsonException e)
        {
            throw new EnrichmentJournalException(
                $"The answer for '{record.IssuerId}' in the journal is not JSON of {_format.Name}; use another journal, or another name for the run.", e);
        }
    }

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
