namespace IssuerEnrichment.Tests.Clients;

/// <summary>A service that answers every id with the id itself as its one ISIN, at once.</summary>
internal sealed class EchoIssuerClient : IIssuerClient
{
    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
        Task.FromResult(IssuerAnswer.Found([issuerId]));
}
