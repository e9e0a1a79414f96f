using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Clients;

/// <summary>The client of a service, async or blocking, asked in one way.</summary>
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

    /// <summary>Whether its requests go through an HTTP pipeline that has the request policies; otherwise an attempt is taken for one request.</summary>
    public bool SendsRequests { get; }

    /// <summary>Whether asking twice is known to be as good as asking once.</summary>
    public bool IsIdempotent { get; }

    public bool IsBlocking => _blockingClient is not null;

    public string? Refuse(string issuerId) => _validator?.Refuse(issuerId);

    public Task<IssuerAnswer> AskAsync(string issuerId, CallingThread? caller, CancellationToken cancellationToken)
    {
        if (_client is not null)
            return _client.GetIsinsAsync(issuerId, cancellationToken) ?? throw Fault("The client returned no task.");
        return caller is not null
            ? caller.CallAsync(_blockingClient!, issuerId, cancellationToken)
            : BlockingCall.OnThreadOfItsOwn(_blockingClient!, issuerId, cancellationToken);
    }

    public static IssuerServiceException Fault(string message) => new(EnrichmentErrorKind.Fault, message, isTransient: false);
}
