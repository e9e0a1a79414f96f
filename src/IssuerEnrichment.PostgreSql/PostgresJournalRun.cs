namespace IssuerEnrichment.PostgreSql;

/// <summary>The part of the journal that belongs to one run. What comes while one commit is under way shares the next.</summary>
internal sealed class PostgresJournalRun(JournalDatabase database) : IJournalRun
{
    private readonly Lock _lock = new();
    private Group? _next;
    private Task _lastCommit = Task.CompletedTask;
    private bool _isClosing;

    // What failed first says more than what fails for it, such as a connection that has been closed. Only commits touch it, one after the other.
    private EnrichmentJournalException? _failure;

    public async ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken)
    {
        try
        {
            return await database.FindAsync(issuerId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw JournalProblem.Of(database.Name, e);
        }
    }

    // A commit is a matter of milliseconds, and what was answered is worth keeping when the run is abandoned, too.
    public ValueTask WriteAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosing, this);
            if (_next is null)
            {
                _next = new Group();
                _lastCommit = CommitAsync(_next, _lastCommit);
            }

            _next.Records[record.IssuerId] = record;
            return new(_next.Committed.Task);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task lastCommit;
        lock (_lock)
        {
            _isClosing = true;
            lastCommit = _lastCommit;
        }

        await lastCommit.ConfigureAwait(false);
        await database.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CommitAsync(Group group, Task previous)
    {
        // Yields in any case, since the caller has the lock and adds the first record only when this has returned.
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
            _next = null;
        try
        {
            if (_failure is null)
                await database.WriteAsync(group.Records.Values).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _failure = JournalProblem.Of(database.Name, e);
        }

        if (_failure is null)
            group.Committed.SetResult();
        else
            group.Committed.SetException(_failure);
    }

    /// <summary>Records that one commit makes durable.</summary>
    private sealed class Group
    {
        /// <summary>By issuer: the last one counts, and one statement may not write a row twice.</summary>
        public Dictionary<string, JournalRecord> Records { get; } = [];

        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
