using IssuerEnrichment.Batching;
using IssuerEnrichment.Enrichment;
using IssuerEnrichment.Gate;
using IssuerEnrichment.Policies;
using Polly;

namespace IssuerEnrichment;

/// <summary>One lookup of a run. A strategy runs it exactly once each time it is handed to it.</summary>
/// <remarks>
/// It never throws for a failed issuer, and it ends early by itself when the run is cancelled or its deadline has come. A lookup that has to wait, for
/// its next attempt or for a service that is down, gives its place up: the call ends, and the sequence hands the lookup out again later.
/// </remarks>
public sealed class IssuerLookup
{
    private static readonly ResiliencePropertyKey<IssuerLookup> Key = new("IssuerEnrichment.Lookup");

    private readonly RunFlow _flow;
    private long _requestEndedAt;
    private int _requestsUnderWay;

    internal IssuerLookup(RunFlow flow, EnrichmentOutcome outcome, long admittedAt)
    {
        _flow = flow;
        Outcome = outcome;
        AdmittedAt = admittedAt;
    }

    /// <summary>The id to look up.</summary>
    public string IssuerId => Outcome.IssuerId!;

    /// <summary>What is being written, until it is handed out.</summary>
    internal EnrichmentOutcome Outcome { get; }

    /// <summary>When the run read the input, as a timestamp of its clock.</summary>
    internal long AdmittedAt { get; }

    internal RunLifetime Lifetime => _flow.Lifetime;

    /// <summary>Keeps the verdict from run to run; null where nothing does.</summary>
    internal RunJournal? Journal => _flow.Journal;

    /// <summary>The thread that waits for this lookup and makes its blocking calls; null where none does.</summary>
    internal CallingThread? Caller { get; set; }

    /// <summary>Its place in the strategy; null while its first attempt is made, which needs none to come back to.</summary>
    internal LookupPlace? Place { get; set; }

    /// <summary>
    /// Another issuer that the service has answered for before, asked for by the next attempt in place of this one to tell whether the service is up;
    /// null for all other attempts.
    /// </summary>
    internal string? Canary { get; set; }

    /// <summary>Whether its next request is to show whether a service that is down is up again.</summary>
    internal bool IsProber { get; set; }

    /// <summary>The id that the next attempt asks for.</summary>
    internal string AskedId => Canary ?? IssuerId;

    /// <summary>The lookups of its run that wait without a place.</summary>
    internal ParkedLookups Parked => _flow.Parked;

    /// <summary>Puts the lookups of its run together into batches; null where the client is asked for one issuer at a time.</summary>
    internal LookupBatcher? Batcher => _flow.Batcher;

    /// <summary>The request that it is a member of, or was when it failed; null where there is none.</summary>
    internal BatchRequest? Request { get; set; }

    /// <summary>Whether it is asked for alone from now on, by a client that is asked for many first.</summary>
    internal bool IsLeftOpen { get; set; }

    /// <summary>Whether its latest request was for no other issuer.</summary>
    internal bool WasAlone => Request is not { Members.Length: > 1 };

    /// <summary>Whether an attempt for it has failed before; of several, for each of them. Only the first failure of an issuer is evidence of an outage.</summary>
    internal bool HasFailed { get; set; }

    /// <summary>Which share of a request its next attempt takes.</summary>
    internal double Share => IsLeftOpen ? 1 : 1.0 / (Batcher?.LimitFor(this) ?? 1);

    /// <summary>Whether its answer is from the cache.</summary>
    internal bool IsFromCache { get; set; }

    /// <summary>Whether its present attempt has sent a request, or shares one.</summary>
    internal bool HasSent { get; set; }

    /// <summary>When the latest one was sent, as a timestamp.</summary>
    internal long SentAt { get; private set; }

    /// <summary>How its first attempt failed, until the policies have heard of it.</summary>
    internal FirstFailure? FirstFailure { get; set; }

    /// <summary>What its policies made of the latest answer that was no good one; null where its present attempt has had none.</summary>
    internal Judgement? LastFailure { get; set; }

    /// <summary>What the retry has to remember; null until something fails.</summary>
    internal RetryState? Retry { get; set; }

    /// <summary>The time on the wire that counts for its timeout.</summary>
    internal TimeSpan TimeSpent => Outcome.OnTheWire - (Retry?.TimeDown ?? TimeSpan.Zero);

    /// <summary>Another that waits for the same outcome.</summary>
    internal IssuerLookup? NextFollower { get; set; }

    /// <summary>Looks the issuer up, with all policies applied, until its outcome is delivered to the run or the lookup has to wait without a place.</summary>
    /// <exception cref="InvalidOperationException">It has been run since it was last handed out.</exception>
    public ValueTask RunAsync() => _flow.RunAsync(this);

    /// <summary>Does the same, blocking the calling thread; blocking clients are called on this very thread.</summary>
    /// <param name="leaveBehind">
    /// Called, on another thread, where the caller is stuck in a blocking client that does not heed its cancellation. The lookup ends without
    /// it; the thread, should it ever come back, is to stop.
    /// </param>
    /// <exception cref="InvalidOperationException">It has been run since it was last handed out.</exception>
    public void Run(Action leaveBehind) => _flow.Run(this, leaveBehind);

    internal static IssuerLookup? From(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Carries the lookup through the pipelines, so that these are built once and hold no closures.</summary>
    internal void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);

    /// <summary>Makes a lookup of no issuer, with the history of this one, that stands for several of the run towards the policies of one request.</summary>
    internal IssuerLookup CreateStandIn() => new(_flow, new EnrichmentOutcome(position: -1, issuerId: null), Lifetime.Now) { Retry = Retry };

    /// <summary>A request is sent on its behalf, at this time.</summary>
    internal void CountRequest(long now)
    {
        MarkSent(now);
        Outcome.CountRequest();
    }

    /// <summary>A request is sent, at this time, that asks for it and that another one counts.</summary>
    internal void MarkSent(long now)
    {
        HasSent = true;
        SentAt = now;
    }

    /// <summary>A request begins, which waits for the gate and the pace, and has its own time.</summary>
    internal void BeginRequest() => Interlocked.Increment(ref _requestsUnderWay);

    /// <summary>The request has ended.</summary>
    internal void EndRequest()
    {
        Interlocked.Exchange(ref _requestEndedAt, Lifetime.Now);
        Interlocked.Decrement(ref _requestsUnderWay);
    }

    /// <summary>Since when none of its requests is under way, as a timestamp; now, where one is.</summary>
    internal long IdleSince(long now) => Volatile.Read(ref _requestsUnderWay) > 0 ? now : Interlocked.Read(ref _requestEndedAt);

    /// <summary>Hands out its outcome.</summary>
    internal void Settle() => _flow.Settle(Outcome);
}
