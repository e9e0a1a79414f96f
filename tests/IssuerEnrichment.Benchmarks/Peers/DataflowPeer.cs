using System.Threading.Tasks.Dataflow;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>A block of TPL Dataflow that is fed by one flow and emptied by another.</summary>
internal sealed class DataflowPeer : IPeer
{
    public string Name => "TPL Dataflow + Polly";

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce)
    {
        TransformBlock<string, (string IssuerId, IReadOnlyList<string> Isins)> lookUp = new(
            async issuerId => (issuerId, (await PollyRetry.AskAsync(client, issuerId, CancellationToken.None)).Isins!),
            new ExecutionDataflowBlockOptions
            {
                MaxDegreeOfParallelism = atOnce,
                BoundedCapacity = 2 * atOnce,
                EnsureOrdered = false,
                SingleProducerConstrained = true,
            });
        Task feeding = FeedAsync();
        Dictionary<string, IReadOnlyList<string>> isins = [];
        while (await lookUp.OutputAvailableAsync())
        {
            while (lookUp.TryReceive(out (string IssuerId, IReadOnlyList<string> Isins) found))
                isins.Add(found.IssuerId, found.Isins);
        }

        await feeding;
        await lookUp.Completion;
        return isins;

        async Task FeedAsync()
        {
            foreach (string issuerId in issuerIds)
                await lookUp.SendAsync(issuerId);
            lookUp.Complete();
        }
    }
}
