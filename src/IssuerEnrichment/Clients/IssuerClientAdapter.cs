using IssuerEnrichment.Batching;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Clients;

/// <summary>Adapts the three kinds of clients (asynchronous, blocking and batch) to one interface.</summary>
internal sealed class IssuerClientAdapter
{
    private readonly object _client;
    private readonly AskOne? _ask;
    private readonly AskBlocking? _askBlocking;
    private readonly IIssuerIdValidator? _validator;
    private readonly IResumableIssuerClient? _resumable;

    public IssuerClientAdapter(IIssuerClient client, bool sendsRequests)
        : this(client, client.GetIsinsAsync, AnswerFormat.Isins, sendsRequests)
    {
    }

    public IssuerClientAdapter(IBlockingIssuerClient client)
        : this(client, client.GetIsins, AnswerFormat.Isins)
    {
    }

    public IssuerClientAdapter(IIssuerBatchClient client)
        : this(client, client.GetIsinsAsync, AnswerFormat.Isins)
    {
    }

    /// <param name="client">The client for batch requests.</param>
    /// <param name="alone">The client for each issuer that a batch response does not contain.</param>
    public IssuerClientAdapter(IIssuerBatchClient client, IIssuerClient alone)
        : this(alone, sendsRequests: true) => AskBatch = client.GetIsinsAsync;

    public IssuerClientAdapter(object client, AskOne ask, AnswerFormat format, bool sendsRequests, bool isIdempotent = false)
        : this(client, format)
    {
        _ask = ask;
        SendsRequests = sendsRequests;
        IsIdempotent = isIdempotent;
    }

    public IssuerClientAdapter(object client, AskBlocking ask, AnswerFormat format)
        : this(client, format) => _askBlocking = ask;

    public IssuerClientAdapter(object client, AskBatch ask, AnswerFormat format)
        : this(client, format)
    {
        AskBatch = ask;
        SendsRequests = true;
    }

    private IssuerClientAdapter(object client, AnswerFormat format)
    {
        _client = client;
        _validator = client as IIssuerIdValidator;
        _resumable = client as IResumableIssuerClient;
        Format = format;
    }

    /// <summary>The attribute that the client loads.</summary>
    public AnswerFormat Format { get; }

    /// <summary>Sends a batch request; null if the client takes no batches.</summary>
    public AskBatch? AskBatch { get; }

    /// <summary>
    /// Whether the client's requests pass through a pipeline with the request policies. Otherwise each attempt counts as one request.
    /// </summary>
    public bool SendsRequests { get; }

    /// <summary>Whether the client's requests are idempotent.</summary>
    public bool IsIdempotent { get; }

    public bool IsBlocking => _askBlocking is not null;

    /// <summary>The settings that affect the client's answers; see <see cref="IRequestShape"/>.</summary>
    public string RequestShape => Format.Qualify(_client is IRequestShape { RequestShape: { } shape } ? shape : _client.GetType().ToString());

    /// <summary>Whether issuers that are missing from a batch response are looked up one by one.</summary>
    public bool AsksAlone => AskBatch is not null && _ask is not null;

    /// <summary>Estimates the number of requests for a number of issuers, with a maximum batch size.</summary>
    public RequestEstimate EstimateRequests(long issuers, int batchSize)
    {
        if (_client is IRequestEstimate client)
            return client.EstimateRequests(issuers, batchSize);
        long requests = (issuers + batchSize - 1) / batchSize;
        string way = AskBatch is null ? "one request for each issuer" : $"up to {batchSize} issuers in a request";
        return new RequestEstimate(way, requests, requests);
    }

    /// <summary>Whether the attempt that just failed made progress.</summary>
    public bool GotFurther(string issuerId) => _resumable?.GotFurther(issuerId) ?? false;

    public string? Validate(string issuerId) => _validator?.Refuse(issuerId);

    public Task<IssuerAnswer> AskAsync(RequestContext lookup, CancellationToken cancellationToken)
    {
        if (lookup.Batch is { } batch)
            return _ask is null ? AskInBatchAsync(batch.Queue, lookup, cancellationToken) : AskInBatchFirstAsync(batch, lookup, cancellationToken);
        if (_ask is not null)
            return AskAlone(lookup, cancellationToken);
        return lookup.Caller is { } caller
            ? caller.CallAsync(_askBlocking!, lookup.AskedId, cancellationToken)
            : new BlockingCall(_askBlocking!, lookup.AskedId, cancellationToken).CallOnNewThread();
    }

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
        _ask!(lookup.AskedId, cancellationToken) ?? throw ClientCalls.NoTask();
}
