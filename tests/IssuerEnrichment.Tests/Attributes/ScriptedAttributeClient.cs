using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Attributes;

/// <summary>Answers by a script, in each of the three ways, and notes who was asked.</summary>
internal sealed class ScriptedAttributeClient<T>(Func<string, IssuerAnswer<T>> script) : IIssuerClient<T>, IBlockingIssuerClient<T>, IIssuerBatchClient<T>
    where T : notnull
{
    public ConcurrentQueue<string> Asked { get; } = [];

    public int Batches { get; private set; }

    public Task<IssuerAnswer<T>> LoadAsync(string issuerId, CancellationToken cancellationToken) => Task.FromResult(Load(issuerId, cancellationToken));

    public IssuerAnswer<T> Load(string issuerId, CancellationToken cancellationToken)
    {
        Asked.Enqueue(issuerId);
        return script(issuerId);
    }

    public Task<IReadOnlyDictionary<string, IssuerAnswer<T>>> LoadAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken)
    {
        Batches++;
        return Task.FromResult<IReadOnlyDictionary<string, IssuerAnswer<T>>>(issuerIds.ToDictionary(id => id, id => Load(id, cancellationToken)));
    }
}
