using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Clients;

/// <summary>A blocking service that does what a test says, and notes which threads called it.</summary>
internal sealed class BlockingIssuerClient(Func<string, CancellationToken, IssuerAnswer> script) : IBlockingIssuerClient
{
    public ConcurrentQueue<(Thread Thread, bool IsOfSharedPool)> Callers { get; } = new();

    public IssuerAnswer GetIsins(string issuerId, CancellationToken cancellationToken)
    {
        Callers.Enqueue((Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread));
        return script(issuerId, cancellationToken);
    }
}
