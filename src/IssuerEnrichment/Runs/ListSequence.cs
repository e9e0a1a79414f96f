namespace IssuerEnrichment.Runs;

/// <summary>Adapts a synchronous sequence to an asynchronous one, with its length if that is known.</summary>
internal sealed class ListSequence(IEnumerable<string?> items) : IAsyncEnumerable<string?>
{
    public long? Count { get; } = items.TryGetNonEnumeratedCount(out int count) ? count : null;

    public IAsyncEnumerator<string?> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(items.GetEnumerator(), cancellationToken);

    private sealed class Enumerator(IEnumerator<string?> items, CancellationToken cancellationToken) : IAsyncEnumerator<string?>
    {
        public string? Current => items.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<bool>(items.MoveNext());
        }

        public ValueTask DisposeAsync()
        {
            items.Dispose();
            return default;
        }
    }
}
