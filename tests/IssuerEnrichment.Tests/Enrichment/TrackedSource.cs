namespace IssuerEnrichment.Tests.Enrichment;

/// <summary>A sequence of ids that knows how far it has been read, and whether it was disposed of.</summary>
internal sealed class TrackedSource(IEnumerable<string?> ids) : IAsyncEnumerable<string?>
{
    private readonly Lock _lock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _milestones = [];

    public TrackedSource(int count)
        : this(Enumerable.Range(1, count).Select(id => $"{id}"))
    {
    }

    /// <summary>Items given out.</summary>
    public int Read { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Told before each item is given out.</summary>
    public Action OnRead { get; init; } = () => { };

    public async IAsyncEnumerator<string?> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (string? id in ids)
            {
                cancellationToken.ThrowIfCancellationRequested();
                OnRead();
                Count();
                yield return id;
            }

            await Task.CompletedTask;
        }
        finally
        {
            IsDisposed = true;
        }
    }

    public Task ReachAsync(int read)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _milestones.Add((read, reached));
            Signal();
        }

        return reached.Task.WithTimeout();
    }

    private void Count()
    {
        lock (_lock)
        {
            Read++;
            Signal();
        }
    }

    private void Signal()
    {
        foreach ((int count, TaskCompletionSource reached) in _milestones)
        {
            if (Read >= count)
                reached.TrySetResult();
        }
    }
}
