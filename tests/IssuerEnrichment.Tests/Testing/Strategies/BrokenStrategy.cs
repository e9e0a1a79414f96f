using System.Threading.Channels;
using IssuerEnrichment.Strategies;

namespace IssuerEnrichment.Tests.Testing.Strategies;

/// <summary>Strategies as one might write them in a hurry.</summary>
internal sealed class BrokenStrategy : IEnrichmentStrategy
{
    private static readonly AsyncStrategy Good = new();

    private readonly Func<IAsyncEnumerable<IssuerLookup>, int, CancellationToken, Task> _run;

    private BrokenStrategy(string name, Func<IAsyncEnumerable<IssuerLookup>, int, CancellationToken, Task> run) => (Name, _run) = (name, run);

    public static BrokenStrategy ThatForgets { get; } =
        new("forgets", (lookups, limit, token) => Good.RunAsync(lookups.Where((_, index) => index != 99), limit, token));

    public static BrokenStrategy ThatRunsOneAtATime { get; } = new("one at a time", (lookups, _, token) => Good.RunAsync(lookups, 1, token));

    public static BrokenStrategy ThatExceeds { get; } = new("exceeds", (lookups, limit, token) => Good.RunAsync(lookups, limit + 1, token));

    public static BrokenStrategy ThatHoards { get; } = new("hoards", HoardAsync);

    public static BrokenStrategy ThatSwallows { get; } = new("swallows", SwallowAsync);

    public static BrokenStrategy ThatReturnsEarly { get; } = new("returns early", ReturnEarlyAsync);

    public static BrokenStrategy ThatDoesNotDispose { get; } = new("does not dispose", NotDisposeAsync);

    public static BrokenStrategy ThatRepeats { get; } = new("repeats", RepeatAsync);

    public static BrokenStrategy ThatReadsInTwoPlaces { get; } = new("reads in two places", ReadInTwoPlacesAsync);

    public string Name { get; }

    public Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken) =>
        _run(lookups, maxConcurrency, cancellationToken);

    public override string ToString() => Name;

    private static async Task HoardAsync(IAsyncEnumerable<IssuerLookup> lookups, int limit, CancellationToken cancellationToken)
    {
        Channel<IssuerLookup> taken = Channel.CreateBounded<IssuerLookup>(2);
        await Task.WhenAll(TakeAsync(), Good.RunAsync(taken.Reader.ReadAllAsync(CancellationToken.None), limit, CancellationToken.None));

        async Task TakeAsync()
        {
            try
            {
                await foreach (IssuerLookup lookup in lookups.WithCancellation(cancellationToken))
                    await taken.Writer.WriteAsync(lookup, CancellationToken.None);
            }
            finally
            {
                taken.Writer.Complete();
            }
        }
    }

    private static async Task SwallowAsync(IAsyncEnumerable<IssuerLookup> lookups, int limit, CancellationToken cancellationToken)
    {
        try
        {
            await Good.RunAsync(lookups, limit, cancellationToken);
        }
        catch (InvalidDataException)
        {
        }
    }

    private static async Task ReturnEarlyAsync(IAsyncEnumerable<IssuerLookup> lookups, int limit, CancellationToken cancellationToken)
    {
        SemaphoreSlim room = new(limit);
        await using IAsyncEnumerator<IssuerLookup> source = lookups.GetAsyncEnumerator(cancellationToken);
        while (await TakeAsync())
            _ = RunAsync(source.Current, room);

        async ValueTask<bool> TakeAsync()
        {
            await room.WaitAsync(cancellationToken);
            return await source.MoveNextAsync();
        }
    }

    private static async Task NotDisposeAsync(IAsyncEnumerable<IssuerLookup> lookups, int limit, CancellationToken cancellationToken)
    {
        await Good.RunAsync(ReadAsync(), limit, cancellationToken);

        async IAsyncEnumerable<IssuerLookup> ReadAsync()
        {
            IAsyncEnumerator<IssuerLookup> source = lookups.GetAsyncEnumerator(cancellationToken);
            while (await source.MoveNextAsync())
                yield return source.Current;
        }
    }

    private static async Task RepeatAsync(IAsyncEnumerable<IssuerLookup> lookups, int limit, CancellationToken cancellationToken)
    {
        await foreach (IssuerLookup lookup in lookups.WithCancellation(cancellationToken))
        {
            await lookup.RunAsync();
            await lookup.RunAsync();
        }
    }

    // Moves on without having looked at what it got, so that nothing but the moves can get into each other's way.
    private static async Task ReadInTwoPlacesAsync(IAsyncEnumerable<IssuerLookup> lookups, int limit, CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<IssuerLookup> source = lookups.GetAsyncEnumerator(cancellationToken);
        while ((await Task.WhenAll(Enumerable.Range(0, limit).Select(_ => source.MoveNextAsync().AsTask()))).All(moved => moved))
        {
        }
    }

    private static async Task RunAsync(IssuerLookup lookup, SemaphoreSlim room)
    {
        await lookup.RunAsync();
        room.Release();
    }
}
