namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>All peers of this assembly, the baseline first.</summary>
internal static class PeerCatalog
{
    public static IEnumerable<string> Names => CreateAll().Select(peer => peer.Name);

    public static IPeer Create(string name) => CreateAll().Single(peer => peer.Name == name);

    private static IEnumerable<IPeer> CreateAll() => typeof(PeerCatalog).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IPeer)))
        .Select(type => (IPeer)Activator.CreateInstance(type)!)
        .OrderBy(peer => peer.Name != HandWrittenPeer.Title)
        .ThenBy(peer => peer.Name, StringComparer.Ordinal);
}
