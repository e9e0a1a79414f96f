namespace IssuerEnrichment.PostgreSql;

/// <summary>The records of one run. Writes that arrive during a commit share the next commit.</summary>
internal sealed class PostgresJournalRun(JournalDatabase database) : IJournalRun
{
    private readonly Lock _lock = new();
    private Group? _next;
    private Task _lastCommit = Task.CompletedTask;
    private bool _isClosing;

    // The first failure is the most informative; later ones may be consequences, such as a closed connection. Only commits use it, one after another.
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

    // Not cancelled: a commit takes milliseconds, and answers are worth keeping even when the run is abandoned.
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
        // Always yields, because the caller holds the lock and adds the first record after this method has returned.
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

    /// <summary>The records of one commit.</summary>
    private sealed class Group
    {
        /// <summary>The records by issuer. The last one wins, because a statement must not write a row twice.</summary>
        public Dictionary<string, JournalRecord> Records { get; } = [];

        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
