using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Clients;

/// <summary>A service for batches that does with each request what a test says, and notes the ids of each.</summary>
internal sealed class ScriptedBatchClient(Func<string[], CancellationToken, Task<IReadOnlyDictionary<string, IssuerAnswer>>> script) : IIssuerBatchClient
{
    private readonly Lock _lock = new();
    private int _inFlight;

    public ScriptedBatchClient(Func<string[], IReadOnlyDictionary<string, IssuerAnswer>> script)
        : this((ids, _) => Task.FromResult(script(ids)))
    {
    }

    /// <summary>Answers every id with the id itself as its one ISIN.</summary>
    public ScriptedBatchClient()
        : this(Echo)
    {
    }

    /// <summary>The requests, in their order.</summary>
    public ConcurrentQueue<string[]> Requests { get; } = new();

    public IEnumerable<int> Sizes => Requests.Select(ids => ids.Length);

    public int MostInFlight { get; private set; }

    public static IReadOnlyDictionary<string, IssuerAnswer> Echo(string[] ids) => ids.ToDictionary(id => id, id => IssuerAnswer.Found([id]));

    /// <summary>A service that refuses any request with one of these ids in it.</summary>
    public static ScriptedBatchClient Refusing(Func<string, bool> isBad, Func<Exception>? refusal = null) =>
        new(ids => ids.Any(isBad) ? throw (refusal ?? BadRequest)() : Echo(ids));

    public static IssuerServiceException BadRequest() => Status(400);

    public static IssuerServiceException Status(int status) =>
        new(EnrichmentErrorKind.Rejected, $"The service refused the request with status {status}.", isTransient: false) { HttpStatus = status };

    public async Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken)
    {
        string[] ids = [.. issuerIds];
        lock (_lock)
        {
            Requests.Enqueue(ids);
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        }

        try
        {
            return await script(ids, cancellationToken);
        }
        finally
        {
            lock (_lock)
                _inFlight--;
        }
    }
}
