namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>
/// One way to look up a list of issuers concurrently. Each class of this kind with a constructor without parameters takes part in the
/// comparison, so that another rival is one more file.
/// </summary>
internal interface IPeer : IDisposable
{
    string Name { get; }

    /// <summary>Makes what a program makes once and not for each list, such as an HTTP client. Not measured.</summary>
    void Prepare(IAskedService service, int atOnce)
    {
    }

    /// <summary>Looks up each issuer, at most <paramref name="atOnce"/> of them at a time, and collects the ISINs of each.</summary>
    /// <param name="client">Asks the service once. A peer without a retry of its own asks through <see cref="PollyRetry"/>.</param>
    /// <param name="issuerIds">Without duplicates.</param>
    /// <param name="atOnce">The limit.</param>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce);

    void IDisposable.Dispose()
    {
    }
}
