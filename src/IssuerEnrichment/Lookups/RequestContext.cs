using System.Runtime.CompilerServices;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>What the policies see of the work they apply to, and all that they see: a lookup, or a request for several.</summary>
/// <param name="lifetime">Ends the run that it belongs to.</param>
/// <param name="issuerId">The issuer; null for a request for several.</param>
internal sealed class RequestContext(RunLifetime lifetime, string? issuerId) : IRequestTimes
{
    private const long NotSent = long.MinValue;

    private static readonly ResiliencePropertyKey<RequestContext> Key = new("IssuerEnrichment.Request");

    // A box, for most lookups never need it.
    private StrongBox<Judgement>? _lastFailure;
    private long _sentAt = NotSent;
    private long _requestEndedAt;
    private int _requestsUnderWay;
    private volatile bool _isOver;

    /// <summary>What it has cost so far.</summary>
    public LookupAccount Account;

    /// <summary>The issuer that it is for; null for a request for several.</summary>
    public string? IssuerId => issuerId;

    /// <summary>The id that the next attempt asks for.</summary>
    public string AskedId => Retry?.Canary ?? issuerId!;

    public RunLifetime Lifetime => lifetime;

    /// <summary>What the retry remembers; null until something fails.</summary>
    public RetryState? Retry { get; set; }

    /// <summary>Whether the next attempt asks for another issuer, the canary.</summary>
    public bool IsCanary => Retry is { Canary: not null };

    /// <summary>Whether an attempt for it has failed before; of several issuers, for each of them. Only an issuer's first failure is evidence of an outage.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether its next request is to show whether a service that is down is up again.</summary>
    public bool IsProber { get; set; }

    /// <summary>The place of its lookup; null while the first attempt is made, which needs none to come back to.</summary>
    public ILookupPlace? Place { get; set; }

    /// <summary>The thread that waits for its lookup and makes the blocking calls; null where none does.</summary>
    public CallingThread? Caller { get; set; }

    /// <summary>What it has to do with batches; null where the client is asked for one issuer at a time.</summary>
    public BatchMembership? Batch { get; init; }

    /// <summary>Which share of a request its next attempt takes.</summary>
    public double Share => Batch is { IsLeftOpen: false } batch ? 1.0 / batch.Queue.LimitFor(this) : 1;

    /// <summary>Whether it has ended, so that nothing may be asked for it any more.</summary>
    public bool IsOver => _isOver;

    /// <summary>When the latest request of the present attempt was sent, as a timestamp; null where there was none yet.</summary>
    public long? SentAt => Volatile.Read(ref _sentAt) is not NotSent and var sentAt ? sentAt : null;

    /// <summary>What the latest failed answer of the present attempt means; null where there was none.</summary>
    public Judgement? LastFailure
    {
        get => _lastFailure?.Value;
        set => _lastFailure = value is { } failure ? new StrongBox<Judgement>(failure) : null;
    }

    /// <summary>The time on the wire that counts for its timeout.</summary>
    public TimeSpan TimeSpent => Account.OnTheWire - (Retry?.TimeDown ?? TimeSpan.Zero);

    public static RequestContext? From(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Carries it through the pipelines, so that these are built once and hold no closures.</summary>
    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);

    /// <summary>Another attempt begins, which has not sent anything.</summary>
    public void BeginAttempt()
    {
        Volatile.Write(ref _sentAt, NotSent);
        _lastFailure = null;
    }

    /// <summary>A request is sent, at this time, that asks for it. Who pays for the request counts it too.</summary>
    public void MarkSent(long now) => Volatile.Write(ref _sentAt, now);

    /// <summary>A request begins that waits for the gate and the pace, and has its own time.</summary>
    public void BeginRequest() => Interlocked.Increment(ref _requestsUnderWay);

    /// <summary>That request has ended.</summary>
    public void EndRequest()
    {
        Interlocked.Exchange(ref _requestEndedAt, lifetime.Now);
        Interlocked.Decrement(ref _requestsUnderWay);
    }

    /// <summary>It has ended.</summary>
    public void End() => _isOver = true;

    long IRequestTimes.IdleSince(long now) => Volatile.Read(ref _requestsUnderWay) > 0 ? now : Interlocked.Read(ref _requestEndedAt);
}
