namespace IssuerEnrichment.Runs;

/// <summary>A sequence that is there already, as an asynchronous one; it tells its length where that is known.</summary>
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
