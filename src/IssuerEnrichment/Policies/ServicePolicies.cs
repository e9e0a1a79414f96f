using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Enrichment;
using IssuerEnrichment.Gate;
using IssuerEnrichment.Hedging;
using IssuerEnrichment.Pacing;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace IssuerEnrichment.Policies;

/// <summary>
/// The policies of one service, shared by all its lookups. This is the one place where pipelines are built and their order is written; outer to inner:
/// <code>
/// a lookup:   user's own ▸ cache ▸ retry ▸ user's own ▸ the client, hedged
/// a request:  gate ▸ pace ▸ attempt timeout ▸ the service
/// </code>
/// </summary>
/// <remarks>
/// An attempt of an HTTP client makes requests that are paced and timed on its <see cref="HttpClient"/>. An attempt of any other client is taken for one
/// request: gate and pace follow the retry, and <see cref="CallTimer"/> times the call itself, at a fraction of what Polly's timeout costs; that one
/// comes in only where it has the user's own policies to time as well. A request for many issuers passes its policies once, between their lookups and
/// the client. While the service is well, a first attempt goes by the pipelines (<see cref="MayFirstAttemptGoBy"/>), and an HTTP request too (<see cref="Http.RequestPolicyHandler"/>).
/// </remarks>
internal sealed class ServicePolicies : IDisposable
{
    private const int TimesUsual = 8;

    private static readonly TimeSpan ShortestCut = TimeSpan.FromSeconds(1);

    private readonly IssuerEnrichmentOptions _options;
    private readonly PolicyExtensions _extensions;
    private readonly TimeProvider _timeProvider;
    private readonly RateLimiter? _pace;
    private readonly RetryPolicy _retry;
    private readonly RetryBudget _budget;
    private readonly Lazy<IAsyncPolicy<HttpResponseMessage>> _requestPolicy;
    private readonly AsyncLocal<IssuerLookup?> _current = new();

    public ServicePolicies(IssuerEnrichmentOptions options, PolicyExtensions extensions, RunEnvironment environment)
    {
        _options = options;
        _extensions = extensions;
        _timeProvider = environment.TimeProvider;
        _pace = extensions.RateLimiter ?? (options.RateLimit is { } limit ? new PacingRateLimiter(limit, _timeProvider) : null);
        _budget = new RetryBudget(options.Retry.Budget, _timeProvider);
        Gate = new ServiceGate(options.Gate, environment, isPaced: IsPaced, Pace?.Limit.EvenPerSecond);
        Batches = new BatchPolicy(options.Batch);
        Hedge = new Hedge(options.Hedging, Gate, Latency, _timeProvider);
        RequestCalls = new CallTimer(_timeProvider, CancellationToken.None);
        _requestPolicy = new(() => BuildRequestPipeline().AsAsyncPolicy());
        _retry = new RetryPolicy(options, Gate, _budget, _timeProvider, environment.Random);
    }

    /// <summary>The gate that all requests of the service pass.</summary>
    public ServiceGate Gate { get; }

    /// <summary>What the service usually takes.</summary>
    public LatencyEstimate Latency { get; } = new();

    /// <summary>How large the batches of the service are.</summary>
    public BatchPolicy Batches { get; }

    /// <summary>The policies of an HTTP request, in the form that Microsoft.Extensions.Http.Polly takes.</summary>
    public IAsyncPolicy<HttpResponseMessage> RequestPolicy => _requestPolicy.Value;

    /// <summary>Times the requests that go by them.</summary>
    /// <remarks>Not a run's own: a request may be for all, such as that for a token, and go on when the run that sent it has ended.</remarks>
    public CallTimer RequestCalls { get; }

    /// <summary>Sends a second request beside a late one, for clients whose calls allow it.</summary>
    public Hedge Hedge { get; }

    /// <summary>Whether late requests get a second one beside them.</summary>
    public bool IsHedged { get; set; }

    /// <summary>Paces the requests; null where nothing does, or a limiter of the user's, of which nothing is known.</summary>
    public PacingRateLimiter? Pace => _pace as PacingRateLimiter;

    /// <summary>Whether a first attempt that succeeds is none of the lookup's policies' business, so that it may go by them.</summary>
    public bool MayFirstAttemptGoBy(bool attemptIsRequest) =>
        _extensions is { Lookup: null, Attempt: null } && !(attemptIsRequest && IsPaced);

    /// <summary>Whether an HTTP request may go by its pipeline: not where a limiter of the user's paces it, which may refuse, or want its lease back.</summary>
    public bool MayRequestGoBy => _pace is null or PacingRateLimiter;

    private bool IsPaced => _pace is not null;

    /// <summary>A lookup begins to ask.</summary>
    public void Begin(IssuerLookup lookup)
    {
        _budget.Deposit(lookup.Share);
        Hedge.Deposit();
    }

    /// <summary>The lookup on whose behalf the current flow makes requests, if there is one.</summary>
    public IssuerLookup? Current => _current.Value;

    /// <summary>Lets the request's policies find the lookup on whose behalf the current flow makes requests.</summary>
    public void Enter(IssuerLookup lookup) => _current.Value = lookup;

    /// <summary>Counts a request for the lookup on whose behalf it is sent.</summary>
    public void CountRequest() => _current.Value?.CountRequest(_timeProvider.GetTimestamp());

    /// <summary>How long the lookup's next attempt may take.</summary>
    public TimeSpan AttemptTimeout(IssuerLookup? lookup)
    {
        TimeoutOptions options = _options.Timeout;
        if (lookup is null)
            return options.Attempt;
        TimeSpan left = options.Lookup - lookup.TimeSpent;
        return left >= options.Attempt ? options.Attempt : TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds));
    }

    /// <summary>When the lookup's next attempt is cut short; null where it is not: later attempts get their whole time, and late ones are hedged instead.</summary>
    public CutShort? CutShort(IssuerLookup lookup) => _options.Timeout.Adaptive && !IsHedged && lookup.Retry is null && Latency.Usual is { } usual
        ? new CutShort(TimeSpan.FromTicks(Math.Max(ShortestCut.Ticks, TimesUsual * usual.Ticks)), Gate)
        : null;

    public ResiliencePipeline<IssuerAnswer> BuildLookupPipeline(bool attemptIsRequest, CacheStrategy? cache = null)
    {
        ResiliencePipelineBuilder<IssuerAnswer> builder = new() { TimeProvider = _timeProvider };
        _extensions.Lookup?.Invoke(builder);
        if (cache is not null)
            AddCache(builder, cache);
        AddRetry(builder);
        if (attemptIsRequest)
            AddRequestPolicies(builder, static outcome => Judge(outcome.Exception));
        if (_extensions.Attempt is { } attempt)
        {
            if (attemptIsRequest)
                AddTimeout(builder);
            attempt(builder);
        }

        return builder.Build();
    }

    public ResiliencePipeline<HttpResponseMessage> BuildRequestPipeline()
    {
        ResiliencePipelineBuilder<HttpResponseMessage> builder = new() { TimeProvider = _timeProvider };
        AddRequestPolicies(builder, Judge);
        AddTimeout(builder);
        return builder.Build();
    }

    public ResiliencePipeline<IssuerAnswer[]> BuildBatchPipeline()
    {
        ResiliencePipelineBuilder<IssuerAnswer[]> builder = new() { TimeProvider = _timeProvider };
        AddRequestPolicies(builder, static outcome => Judge(outcome.Exception));
        AddTimeout(builder);
        return builder.Build();
    }

    /// <summary>Waits for the pace on behalf of a request that has passed the gate.</summary>
    /// <exception cref="LookupEndedException">The next permit comes after the run's deadline.</exception>
    /// <exception cref="PassExpiredException">The gate has closed meanwhile.</exception>
    public async ValueTask<RateLimitLease> PaceAsync(IssuerLookup? lookup, GatePass pass, CancellationToken cancellationToken)
    {
        if (lookup is not null && Pace is { } pace && pace.EstimateWait() is var wait && wait > lookup.Lifetime.TimeLeft)
            throw new LookupEndedException(TooLate(wait));

        long askedAt = _timeProvider.GetTimestamp();
        ValueTask<RateLimitLease> permit = Pace is { } own ? own.AcquireAsync(() => Gate.IsCurrent(pass), cancellationToken) : _pace!.AcquireAsync(1, cancellationToken);
        bool isPaced = !permit.IsCompleted;
        RateLimitLease lease;
        try
        {
            lease = await permit.ConfigureAwait(false);
        }
        finally
        {
            if (isPaced)
                lookup?.Outcome.AddPaced(_timeProvider.GetElapsedTime(askedAt));
        }

        // Then a permit, if it has one, is lost: kept until the gate opens, it would be used together with all the others that were.
        if (!Gate.IsCurrent(pass))
        {
            lease.Dispose();
            throw new PassExpiredException();
        }

        Gate.Send(pass);
        return lease;
    }

    public void Dispose()
    {
        Gate.Dispose();
        RequestCalls.Dispose();
        _budget.Dispose();
        _pace?.Dispose();
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026:Members annotated with RequiresUnreferencedCode", Justification = "The cache's options have nothing to validate.")]
    private static void AddCache(ResiliencePipelineBuilder<IssuerAnswer> builder, CacheStrategy cache) =>
        builder.AddStrategy(_ => cache, new CacheStrategyOptions());

    private void AddRetry(ResiliencePipelineBuilder<IssuerAnswer> builder) => builder.AddRetry(new RetryStrategyOptions<IssuerAnswer>
    {
        // The policy counts attempts itself, for waiting for a service that throttles, or is down, spends none; and it waits itself, without a place.
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args => IssuerLookup.From(args.Context) is { } lookup && (args.Outcome.Exception is not null || lookup.Canary is not null)
            ? _retry.ShouldRetryAsync(lookup, args.Outcome.Exception, args.Context.CancellationToken)
            : new ValueTask<bool>(false),
        Delay = TimeSpan.Zero,
    });

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026:Members annotated with RequiresUnreferencedCode", Justification = "The gate's options have nothing to validate.")]
    private void AddRequestPolicies<T>(ResiliencePipelineBuilder<T> builder, Func<Outcome<T>, Judgement> judge)
    {
        builder.AddStrategy(_ => new GateStrategy<T>(Gate, Find, judge, isPaced: IsPaced), new GateStrategyOptions());
        if (IsPaced)
            builder.AddRateLimiter(new RateLimiterStrategyOptions
            {
                RateLimiter = args => PaceAsync(Find(args.Context), GatePass.From(args.Context), args.Context.CancellationToken),
            });
    }

    private void AddTimeout<T>(ResiliencePipelineBuilder<T> builder) => builder.AddTimeout(new TimeoutStrategyOptions
    {
        TimeoutGenerator = args => new ValueTask<TimeSpan>(AttemptTimeout(Find(args.Context))),
    });

    /// <summary>Judges the end of an HTTP request.</summary>
    public Judgement Judge(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response ? AnswerJudge.Judge(response, _timeProvider.GetUtcNow()) : Judge(outcome.Exception);

    private static Judgement Judge(Exception? exception) =>
        exception is null ? new Judgement(AnswerMeaning.Good) : AnswerJudge.Judge(exception);

    private static EnrichmentError TooLate(TimeSpan wait) => new(
        EnrichmentErrorKind.Deadline, $"The rate limit's next permit is {wait.TotalSeconds:0.#} s away, and the run's deadline comes before.");

    private IssuerLookup? Find(ResilienceContext context) => IssuerLookup.From(context) ?? _current.Value;
}
