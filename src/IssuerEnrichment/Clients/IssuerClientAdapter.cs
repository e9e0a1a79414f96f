using IssuerEnrichment.Batching;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Clients;

/// <summary>The client of a service, async, blocking or for batches, asked in one way.</summary>
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

    /// <param name="client">Is asked for many issuers at once.</param>
    /// <param name="alone">Is asked for those that the other leaves open, one by one.</param>
    public IssuerClientAdapter(IIssuerBatchClient client, IIssuerClient alone)
        : this(alone, sendsRequests: true)
    {
        BatchClient = client;
    }

    /// <summary>The client that is asked for many issuers at once; null for all others.</summary>
    public IIssuerBatchClient? BatchClient { get; }

    /// <summary>Whether its requests go through a pipeline of their own that has the request policies; otherwise an attempt is taken for one request.</summary>
    public bool SendsRequests { get; }

    /// <summary>Whether asking twice is known to be as good as asking once.</summary>
    public bool IsIdempotent { get; }

    public bool IsBlocking => _blockingClient is not null;

    /// <summary>What decides an answer besides the id.</summary>
    public string RequestShape => Client is IRequestShape { RequestShape: { } shape } ? shape : Client.GetType().ToString();

    /// <summary>Whether issuers that an answer for many leaves open are asked for one by one.</summary>
    public bool AsksAlone => BatchClient is not null && _client is not null;

    private object Client => (object?)_client ?? _blockingClient ?? (object)BatchClient!;

    /// <summary>How many requests so many issuers take, of which up to so many are asked for together.</summary>
    public RequestEstimate EstimateRequests(long issuers, int batchSize)
    {
        if (Client is IRequestEstimate client)
            return client.EstimateRequests(issuers, batchSize);
        long requests = (issuers + batchSize - 1) / batchSize;
        string way = BatchClient is null ? "one request for each issuer" : $"up to {batchSize} issuers in a request";
        return new RequestEstimate(way, requests, requests);
    }

    /// <summary>Whether the attempt that has just failed brought the lookup further.</summary>
    public bool GotFurther(string issuerId) => _resumable?.GotFurther(issuerId) ?? false;

    public string? Refuse(string issuerId) => _validator?.Refuse(issuerId);

    public Task<IssuerAnswer> AskAsync(RequestContext lookup, CancellationToken cancellationToken)
    {
        if (lookup.Batch is { } batch)
            return _client is null ? AskInBatchAsync(batch.Queue, lookup, cancellationToken) : AskInBatchFirstAsync(batch, lookup, cancellationToken);
        if (_client is not null)
            return AskAlone(lookup, cancellationToken);
        return lookup.Caller is { } caller
            ? caller.CallAsync(_blockingClient!, lookup.AskedId, cancellationToken)
            : new BlockingCall(_blockingClient!, lookup.AskedId, cancellationToken).MakeOnThreadOfItsOwn();
    }

    public static IssuerServiceException Fault(string message) => new(EnrichmentErrorKind.Fault, message, isTransient: false);

    // The request has its own time, and so has the wait for it.
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

    // What was left open once stays so: a later attempt is for this issuer only.
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
