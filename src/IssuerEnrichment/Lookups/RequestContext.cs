using System.Runtime.CompilerServices;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>The state that the policies share about what they apply to: a lookup, or a batch request. They see nothing else.</summary>
/// <param name="lifetime">The lifetime of its run.</param>
/// <param name="issuerId">The issuer; null for a batch request.</param>
internal sealed class RequestContext(RunLifetime lifetime, string? issuerId) : IRequestTimes
{
    private const long NotSent = long.MinValue;

    private static readonly ResiliencePropertyKey<RequestContext> Key = new("IssuerEnrichment.Request");

    // Boxed, because most lookups never need it.
    private StrongBox<Judgement>? _lastFailure;
    private long _sentAt = NotSent;
    private long _requestEndedAt;
    private int _requestsUnderWay;
    private volatile bool _isOver;

    /// <summary>The attempts, requests and time taken so far.</summary>
    public LookupAccount Account;

    /// <summary>The issuer; null for a batch request.</summary>
    public string? IssuerId => issuerId;

    /// <summary>The id that the next attempt requests.</summary>
    public string AskedId => Retry?.Canary ?? issuerId!;

    public RunLifetime Lifetime => lifetime;

    /// <summary>The retry state; null until an attempt fails.</summary>
    public RetryState? Retry { get; set; }

    /// <summary>Whether the next attempt asks for another issuer, the canary.</summary>
    public bool IsCanary => Retry is { Canary: not null };

    /// <summary>
    /// Whether an earlier attempt has failed; for a batch request, whether this is true of all its issuers. Only an issuer's first failure is
    /// evidence of an outage.
    /// </summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether its next request is a probe, which finds out whether the service has recovered.</summary>
    public bool IsProber { get; set; }

    /// <summary>The slot of its lookup; null during the first attempt, which cannot give it up.</summary>
    public ILookupPlace? Place { get; set; }

    /// <summary>The thread that waits for its lookup and makes the blocking calls; null if there is none.</summary>
    public CallingThread? Caller { get; set; }

    /// <summary>Its batching state; null if the client does not take batches.</summary>
    public BatchMembership? Batch { get; init; }

    /// <summary>The share of a request that its next attempt counts for.</summary>
    public double Share => Batch is { IsLeftOpen: false } batch ? 1.0 / batch.Queue.LimitFor(this) : 1;

    /// <summary>Whether it has ended, so that no more requests may be sent.</summary>
    public bool IsOver => _isOver;

    /// <summary>The timestamp when the latest request of the current attempt was sent; null if there was none yet.</summary>
    public long? SentAt => Volatile.Read(ref _sentAt) is not NotSent and var sentAt ? sentAt : null;

    /// <summary>The meaning of the latest failed answer of the current attempt; null if there was none.</summary>
    public Judgement? LastFailure
    {
        get => _lastFailure?.Value;
        set => _lastFailure = value is { } failure ? new StrongBox<Judgement>(failure) : null;
    }

    /// <summary>The time on the wire that counts towards its timeout.</summary>
    public TimeSpan TimeSpent => Account.OnTheWire - (Retry?.TimeDown ?? TimeSpan.Zero);

    public static RequestContext? From(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Attaches it to a pipeline's context, so that the pipelines can be built once and need no closures.</summary>
    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);

    /// <summary>Notes the start of an attempt.</summary>
    public void BeginAttempt()
    {
        Volatile.Write(ref _sentAt, NotSent);
        _lastFailure = null;
    }

    /// <summary>Notes that a request was sent. The lookup that the request is counted for counts it separately.</summary>
    public void MarkSent(long now) => Volatile.Write(ref _sentAt, now);

    /// <summary>Notes the start of a request that waits for the gate and the rate limit, and has a timeout of its own.</summary>
    public void BeginRequest() => Interlocked.Increment(ref _requestsUnderWay);

    /// <summary>Notes the end of such a request.</summary>
    public void EndRequest()
    {
        Interlocked.Exchange(ref _requestEndedAt, lifetime.Now);
        Interlocked.Decrement(ref _requestsUnderWay);
    }

    /// <summary>Marks it as ended.</summary>
    public void End() => _isOver = true;

    long IRequestTimes.IdleSince(long now) => Volatile.Read(ref _requestsUnderWay) > 0 ? now : Interlocked.Read(ref _requestEndedAt);
}
