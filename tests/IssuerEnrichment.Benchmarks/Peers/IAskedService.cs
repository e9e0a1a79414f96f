namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>The service that all peers ask, in the forms in which they can.</summary>
internal interface IAskedService : IDisposable
{
    /// <summary>Asks once, without any policy.</summary>
    IIssuerClient Client { get; }

    Uri Address { get; }

    /// <summary>Sends requests to <see cref="Address"/>, for peers whose policies are made of HTTP messages.</summary>
    HttpMessageHandler CreateHandler();

    /// <summary>Registers the client that a user of the library would.</summary>
    void Register(IIssuerEnrichmentBuilder builder);
}
