using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>A journal that lasts as long as the test does, and fails or waits where the test says.</summary>
internal sealed class InMemoryJournal : IEnrichmentJournal
{
    private readonly ConcurrentDictionary<(JournalKey Key, string IssuerId), JournalRecord> _records = new();
    private int _open;

    /// <summary>Called before the journal is opened.</summary>
    public Func<Task> OnOpen { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before a record is looked for.</summary>
    public Func<string, Task> OnFind { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before a record is kept.</summary>
    public Func<JournalRecord, CancellationToken, Task> OnWrite { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyCollection<JournalRecord> Records => [.. _records.Values];

    public ConcurrentQueue<JournalKey> Keys { get; } = new();

    public bool IsOpen => _open > 0;

    public async ValueTask<IJournalRun> OpenAsync(JournalKey key, CancellationToken cancellationToken)
    {
        await OnOpen();
        Keys.Enqueue(key);
        Interlocked.Increment(ref _open);
        return new Run(this, key);
    }

    private sealed class Run(InMemoryJournal journal, JournalKey key) : IJournalRun
    {
        private int _finding;
        private int _writing;

        public async ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _finding).Should().Be(1, "one caller at a time finds");
            await journal.OnFind(issuerId);
            Interlocked.Decrement(ref _finding);
            return journal._records.GetValueOrDefault((key, issuerId));
        }

        public async ValueTask WriteAsync(JournalRecord record, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _writing);
            try
            {
                await journal.OnWrite(record, cancellationToken);
                journal._records[(key, record.IssuerId)] = record;
            }
            finally
            {
                Interlocked.Decrement(ref _writing);
            }
        }

        public ValueTask DisposeAsync()
        {
            _writing.Should().Be(0, "nothing is in flight when the run has ended");
            Interlocked.Decrement(ref journal._open);
            return default;
        }
    }
}
