namespace IssuerEnrichment.Clients;

/// <summary>Asks a client for one issuer.</summary>
internal delegate Task<IssuerAnswer> AskOne(string issuerId, CancellationToken cancellationToken);

/// <summary>Asks a blocking client for one issuer.</summary>
internal delegate IssuerAnswer AskBlocking(string issuerId, CancellationToken cancellationToken);

/// <summary>Asks a client for several issuers.</summary>
internal delegate Task<IReadOnlyDictionary<string, IssuerAnswer>> AskBatch(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken);

/// <summary>Wraps the calls of clients for an attribute, so that the engine need not know its type.</summary>
internal static class ClientCalls
{
    public static AskOne Of<T>(IIssuerClient<T> client)
        where T : notnull => async (issuerId, cancellationToken) =>
    {
        Task<IssuerAnswer<T>> asking = client.LoadAsync(issuerId, cancellationToken) ?? throw NoTask();
        return (await asking.ConfigureAwait(false)).Untyped;
    };

    public static AskBlocking Of<T>(IBlockingIssuerClient<T> client)
        where T : notnull => (issuerId, cancellationToken) => client.Load(issuerId, cancellationToken).Untyped;

    public static AskBatch Of<T>(IIssuerBatchClient<T> client)
        where T : notnull => async (issuerIds, cancellationToken) =>
    {
        Task<IReadOnlyDictionary<string, IssuerAnswer<T>>> asking = client.LoadAsync(issuerIds, cancellationToken) ?? throw NoTask();
        IReadOnlyDictionary<string, IssuerAnswer<T>>? answers = await asking.ConfigureAwait(false);
        return answers?.ToDictionary(answer => answer.Key, answer => answer.Value.Untyped, StringComparer.Ordinal) ?? throw NoAnswers();
    };

    public static IssuerServiceException NoTask() => Fault("The client returned no task.");

    public static IssuerServiceException NoAnswers() => Fault("The client returned no answers.");

    public static IssuerServiceException Fault(string message) => new(EnrichmentErrorKind.Fault, message, isTransient: false);
}
