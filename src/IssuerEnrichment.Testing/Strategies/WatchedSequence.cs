namespace IssuerEnrichment.Testing.Strategies;

/// <summary>A sequence of lookups that refuses to be moved from two places at once, and knows whether it was disposed of.</summary>
internal sealed class WatchedSequence(IAsyncEnumerable<IssuerLookup> lookups, Action<IssuerLookup> onTaken) : IAsyncEnumerable<IssuerLookup>
{
    public bool IsDisposed { get; private set; }

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
                throw new InvalidOperationException("The sequence of lookups was asked for the next one from two places at once.");
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
