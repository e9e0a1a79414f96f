namespace IssuerEnrichment.Testing.Strategies;

/// <summary>A sequence of lookups that rejects concurrent reads, and records whether it was disposed of.</summary>
internal sealed class WatchedSequence(IAsyncEnumerable<IssuerLookup> lookups, Action<IssuerLookup> onTaken) : IAsyncEnumerable<IssuerLookup>
{
    public const string MovedTwice = "The sequence of lookups was read concurrently.";

    private volatile bool _wasMovedTwice;

    public bool IsDisposed { get; private set; }

    /// <summary>Whether it rejected a read. What the strategy does with the exception is up to the strategy.</summary>
    public bool WasMovedTwice => _wasMovedTwice;

    public IAsyncEnumerator<IssuerLookup> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(this, lookups.GetAsyncEnumerator(cancellationToken), onTaken);

    private sealed class Enumerator(WatchedSequence sequence, IAsyncEnumerator<IssuerLookup> lookups, Action<IssuerLookup> onTaken)
        : IAsyncEnumerator<IssuerLookup>
    {
        private int _isMoving;

        public IssuerLookup Current => lookups.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (Interlocked.Exchange(ref _isMoving, 1) != 0)
            {
                sequence._wasMovedTwice = true;
                throw new InvalidOperationException(MovedTwice);
            }

            try
            {
                bool moved = await lookups.MoveNextAsync().ConfigureAwait(false);
                if (moved)
                    onTaken(lookups.Current);
                return moved;
            }
            finally
            {
                Volatile.Write(ref _isMoving, 0);
            }
        }

        public ValueTask DisposeAsync()
        {
            sequence.IsDisposed = true;
            return lookups.DisposeAsync();
        }
    }
}
