namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>A task for each issuer, all at once, of which a semaphore lets some through.</summary>
internal sealed class SemaphorePeer : IPeer
{
    public string Name => "SemaphoreSlim + Task.WhenAll + Polly";

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce)
    {
        using SemaphoreSlim places = new(atOnce);
        return new Dictionary<string, IReadOnlyList<string>>(await Task.WhenAll(issuerIds.Select(LookUpAsync)));

        async Task<KeyValuePair<string, IReadOnlyList<string>>> LookUpAsync(string issuerId)
        {
            await places.WaitAsync();
            try
            {
                return KeyValuePair.Create(issuerId, (await PollyRetry.AskAsync(client, issuerId, CancellationToken.None)).Isins!);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
