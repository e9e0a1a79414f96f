namespace IssuerEnrichment.Sqlite;

/// <summary>The records of one run. They are written by a dedicated thread. Writes that arrive during a commit share the next commit.</summary>
/// <remarks>A commit waits for the disk, and must not block a thread of the thread pool.</remarks>
internal sealed class SqliteJournalRun : IJournalRun
{
    private readonly object _monitor = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JournalDatabase _database;
    private readonly FileStream _lock;
    private Group _next = new();
    private bool _isClosing;

    public SqliteJournalRun(JournalDatabase database, FileStream @lock)
    {
        _database = database;
        _lock = @lock;
        new Thread(Work) { IsBackground = true, Name = "IssuerEnrichment journal" }.Start();
    }

    // Synchronous: the page is in memory, or read ahead by the disk, so another thread is not worthwhile.
    public ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken)
    {
        try
        {
            return new(_database.Find(issuerId));
        }
        catch (Exception e)
        {
            throw JournalProblem.Of(_database.Path, e);
        }
    }

    // Not cancelled: a commit takes milliseconds, and answers are worth keeping even when the run is abandoned.
    public ValueTask WriteAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        lock (_monitor)
        {
            ObjectDisposedException.ThrowIf(_isClosing, this);
            _next.Records.Add(record);
            Monitor.Pulse(_monitor);
            return new(_next.Committed.Task);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_monitor)
        {
            _isClosing = true;
            Monitor.Pulse(_monitor);
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        while (Take() is { } group)
        {
            try
            {
                _database.Write(group.Records);
                group.Committed.SetResult();
            }
            catch (Exception e)
            {
                group.Committed.SetException(JournalProblem.Of(_database.Path, e));
            }
        }

        Close();
    }

    private Group? Take()
    {
        lock (_monitor)
        {
            while (_next.Records.Count == 0 && !_isClosing)
                Monitor.Wait(_monitor);
            if (_next.Records.Count == 0)
                return null;
            Group group = _next;
            _next = new Group();
            return group;
        }
    }

    private void Close()
    {
        try
        {
            _database.Dispose();
            _lock.Dispose();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _lock.Dispose();
            _ended.SetException(JournalProblem.Of(_database.Path, e));
        }
    }

    /// <summary>The records of one commit.</summary>
    private sealed class Group
    {
        public List<JournalRecord> Records { get; } = [];

        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
