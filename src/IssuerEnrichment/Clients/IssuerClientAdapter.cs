using IssuerEnrichment.Batching;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Clients;

/// <summary>Adapts the three kinds of clients (asynchronous, blocking and batch) to one interface.</summary>
internal sealed class IssuerClientAdapter
{
    private readonly IIssuerClient? _client;
    private readonly IBlockingIssuerClient? _blockingClient;
    private readonly IIssuerIdValidator? _validator;
    private readonly IResumableIssuerClient? _resumable;

    public IssuerClientAdapter(IIssuerClient client, bool sendsRequests, bool isIdempotent = false)
    {
        IsIdempotent = isIdempotent;
        _client = client;
        _validator = client as IIssuerIdValidator;
        _resumable = client as IResumableIssuerClient;
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

    /// <param name="client">The client for batch requests.</param>
    /// <param name="alone">The client for each issuer that a batch response does not contain.</param>
    public IssuerClientAdapter(IIssuerBatchClient client, IIssuerClient alone)
        : this(alone, sendsRequests: true)
    {
        BatchClient = client;
    }

    /// <summary>The client for batch requests; null if there is none.</summary>
    public IIssuerBatchClient? BatchClient { get; }

    /// <summary>
    /// Whether the client's requests pass through a pipeline with the request policies. Otherwise each attempt counts as one request.
    /// </summary>
    public bool SendsRequests { get; }

    /// <summary>Whether the client's requests are idempotent.</summary>
    public bool IsIdempotent { get; }

    public bool IsBlocking => _blockingClient is not null;

    /// <summary>The settings that affect the client's answers; see <see cref="IRequestShape"/>.</summary>
    public string RequestShape => Client is IRequestShape { RequestShape: { } shape } ? shape : Client.GetType().ToString();

    /// <summary>Whether issuers that are missing from a batch response are looked up one by one.</summary>
    public bool AsksAlone => BatchClient is not null && _client is not null;

    private object Client => (object?)_client ?? _blockingClient ?? (object)BatchClient!;

    /// <summary>Estimates the number of requests for a number of issuers, with a maximum batch size.</summary>
    public RequestEstimate EstimateRequests(long issuers, int batchSize)
    {
        if (Client is IRequestEstimate client)
            return client.EstimateRequests(issuers, batchSize);
        long requests = (issuers + batchSize - 1) / batchSize;
        string way = BatchClient is null ? "one request for each issuer" : $"up to {batchSize} issuers in a request";
        return new RequestEstimate(way, requests, requests);
    }

    /// <summary>Whether the attempt that just failed made progress.</summary>
    public bool GotFurther(string issuerId) => _resumable?.GotFurther(issuerId) ?? false;

    public string? Validate(string issuerId) => _validator?.Refuse(issuerId);

    public Task<IssuerAnswer> AskAsync(RequestContext lookup, CancellationToken cancellationToken)
    {
        if (lookup.Batch is { } batch)
            return _client is null ? AskInBatchAsync(batch.Queue, lookup, cancellationToken) : AskInBatchFirstAsync(batch, lookup, cancellationToken);
        if (_client is not null)
            return AskAlone(lookup, cancellationToken);
        return lookup.Caller is { } caller
            ? caller.CallAsync(_blockingClient!, lookup.AskedId, cancellationToken)
            : new BlockingCall(_blockingClient!, lookup.AskedId, cancellationToken).CallOnNewThread();
    }

    public static IssuerServiceException Fault(string message) => new(EnrichmentErrorKind.Fault, message, isTransient: false);

    // The request is timed separately, and so is the wait for it.
    private static async Task<IssuerAnswer> AskInBatchAsync(IBatchQueue batches, RequestContext lookup, CancellationToken cancellationToken)
    {
        lookup.BeginRequest();
        try
        {
            return await batches.AskAsync(lookup, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lookup.EndRequest();
        }
    }

    // Once a batch response did not contain the issuer, all later attempts are for this issuer only.
    private async Task<IssuerAnswer> AskInBatchFirstAsync(BatchMembership batch, RequestContext lookup, CancellationToken cancellationToken)
    {
        if (!batch.IsLeftOpen)
        {
            IssuerAnswer answer = await AskInBatchAsync(batch.Queue, lookup, cancellationToken).ConfigureAwait(false);
            if (!answer.IsMissing)
                return answer;
        }

        batch.IsLeftOpen = true;
        await EnterPlaceAsync(batch.Queue, lookup, cancellationToken).ConfigureAwait(false);
        try
        {
            return await AskAlone(lookup, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            batch.Queue.LeavePlace();
        }
    }

    private static async Task EnterPlaceAsync(IBatchQueue batches, RequestContext lookup, CancellationToken cancellationToken)
    {
        lookup.BeginRequest();
        try
        {
            await batches.EnterPlaceAsync(lookup, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lookup.EndRequest();
        }
    }

    private Task<IssuerAnswer> AskAlone(RequestContext lookup, CancellationToken cancellationToken) =>
        _client!.GetIsinsAsync(lookup.AskedId, cancellationToken) ?? throw Fault("The client returned no task.");
}
