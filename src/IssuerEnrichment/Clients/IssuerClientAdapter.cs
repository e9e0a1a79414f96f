using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Clients;

/// <summary>The client of a service, async, blocking or for batches, asked in one way.</summary>
internal sealed class IssuerClientAdapter
{
    private readonly IIssuerClient? _client;
    private readonly IBlockingIssuerClient? _blockingClient;
    private readonly IIssuerIdValidator? _validator;

    public IssuerClientAdapter(IIssuerClient client, bool sendsRequests, bool isIdempotent = false)
    {
        IsIdempotent = isIdempotent;
        _client = client;
        _validator = client as IIssuerIdValidator;
        SendsRequests = sendsRequests;
    }

    public IssuerClientAdapter(IBlockingIssuerClient client)
    {
        _blockingClient = client;
        _validator = client as IIssuerIdValidator;
    }

    public IssuerClientAdapter(IIssuerBatchClient client)
    {
        BatchClient = client;
        _validator = client as IIssuerIdValidator;
        SendsRequests = true;
    }

    /// <summary>The client that is asked for many issuers at once; null for all others.</summary>
    public IIssuerBatchClient? BatchClient { get; }

    /// <summary>Whether its requests go through a pipeline of their own that has the request policies; otherwise an attempt is taken for one request.</summary>
    public bool SendsRequests { get; }

    /// <summary>Whether asking twice is known to be as good as asking once.</summary>
    public bool IsIdempotent { get; }

    public bool IsBlocking => _blockingClient is not null;

    /// <summary>What decides an answer besides the id.</summary>
    public string RequestShape
    {
        get
        {
            object client = (object?)_client ?? _blockingClient ?? (object)BatchClient!;
            return client is IRequestShape { RequestShape: { } shape } ? shape : client.GetType().ToString();
        }
    }

    public string? Refuse(string issuerId) => _validator?.Refuse(issuerId);

    public Task<IssuerAnswer> AskAsync(IssuerLookup lookup, CancellationToken cancellationToken)
    {
        if (_client is not null)
            return _client.GetIsinsAsync(lookup.IssuerId, cancellationToken) ?? throw Fault("The client returned no task.");
        if (lookup.Batcher is { } batcher)
            return batcher.AskAsync(lookup, cancellationToken);
        return lookup.Caller is { } caller
            ? caller.CallAsync(_blockingClient!, lookup.IssuerId, cancellationToken)
            : new BlockingCall(_blockingClient!, lookup.IssuerId, cancellationToken).MakeOnThreadOfItsOwn();
    }

    public static IssuerServiceException Fault(string message) => new(EnrichmentErrorKind.Fault, message, isTransient: false);
}
