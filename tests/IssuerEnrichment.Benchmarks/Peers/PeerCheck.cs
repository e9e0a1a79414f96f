namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Proves, before a peer is measured, that it does the work: no peer is to be fast for what it leaves out.</summary>
internal static class PeerCheck
{
    private const int Lookups = 100;

    /// <summary>Each id has the answer that the service gives when asked for it alone.</summary>
    public static async Task AnswersEveryIdAsync(IPeer peer, IAskedService service, int atOnce)
    {
        string[] issuerIds = Ids(Lookups);
        IReadOnlyDictionary<string, IReadOnlyList<string>> found = await peer.RunAsync(service.Client, issuerIds, atOnce);
        foreach (string issuerId in issuerIds)
        {
            IssuerAnswer answer = await service.Client.GetIsinsAsync(issuerId, CancellationToken.None);
            if (!found.TryGetValue(issuerId, out IReadOnlyList<string>? isins) || !isins.SequenceEqual(answer.Isins!))
                throw new InvalidOperationException($"'{peer.Name}' has not the service's answer for '{issuerId}'.");
        }
    }

    /// <summary>As many lookups are in flight as there may be, and never more.</summary>
    public static async Task ReachesItsLimitAsync(IPeer peer, int atOnce)
    {
        MeetingClient client = new(atOnce);
        using InMemoryService service = new(client);
        using (peer)
        {
            peer.Prepare(service, atOnce);
            await peer.RunAsync(client, Ids(2 * atOnce), atOnce);
        }

        if (client.Most != atOnce)
            throw new InvalidOperationException($"'{peer.Name}' had {client.Most} lookups in flight instead of {atOnce}.");
    }

    public static string[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => $"ISSUER-{i}")];
}
