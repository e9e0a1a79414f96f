using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Throttling;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// The policies of one source. All pipelines are built here; their order, from outer to inner:
/// <code>
/// a lookup:   user's policies ▸ cache ▸ retry ▸ user's policies ▸ the client, hedged
/// a request:  gate ▸ rate limit ▸ attempt timeout ▸ the service
/// </code>
/// </summary>
/// <remarks>
/// The requests of an HTTP client pass these policies in its <see cref="HttpClient"/>. An attempt of any other client counts as one request: gate and
/// rate limit follow the retry, and <see cref="CallTimer"/> applies the timeout, at a fraction of the cost of Polly's. Polly's timeout is added only if it
/// has to cover policies of the user. A batch request passes the policies once, between its lookups and the client. While the service is healthy, first
/// attempts bypass the pipelines, and so do HTTP requests (<see cref="Http.RequestPolicyHandler"/>).
/// </remarks>
internal sealed class ServicePolicies : IDisposable
{
    private readonly PolicyExtensions _extensions;
    private readonly TimeProvider _timeProvider;
    private readonly RetryPolicy _retry;
    private readonly Lazy<IAsyncPolicy<HttpResponseMessage>> _requestPolicy;

    public ServicePolicies(IssuerEnrichmentOptions options, PolicyExtensions extensions, SourceEnvironment environment)
    {
        _extensions = extensions;
        _timeProvider = environment.TimeProvider;
        Source = new SourceState(options, extensions.RateLimiter, environment);
        Guard = new RequestGuard(Source);
        _retry = new RetryPolicy(options, Source.Gate, Source.RetryBudget, _timeProvider, environment.Random);
        _requestPolicy = new(() => BuildRequestPipeline().AsAsyncPolicy());
    }

    /// <summary>The state that all lookups of the source share.</summary>
    public SourceState Source { get; }

    /// <summary>The steps of every request.</summary>
    public RequestGuard Guard { get; }

    /// <summary>The policies of an HTTP request, for Microsoft.Extensions.Http.Polly.</summary>
    public IAsyncPolicy<HttpResponseMessage> RequestPolicy => _requestPolicy.Value;

    /// <summary>Whether an HTTP request may bypass its pipeline. It may not with a user's rate limiter, which can reject it, or need its lease back.</summary>
    public bool CanRequestBypass => Source.Limiter is null or PacingRateLimiter;

    /// <summary>Returns whether a first attempt may bypass the policies: none of them has an effect if it succeeds.</summary>
    public bool CanBypass(bool attemptIsRequest) => _extensions is { Lookup: null, Attempt: null } && !(attemptIsRequest && Guard.IsPaced);

    public ResiliencePipeline<IssuerAnswer> BuildLookupPipeline(bool attemptIsRequest, CacheStrategy? cache = null)
    {
        ResiliencePipelineBuilder<IssuerAnswer> builder = new() { TimeProvider = _timeProvider };
        _extensions.Lookup?.Invoke(builder);
        if (cache is not null)
            AddCache(builder, cache);
        AddRetry(builder);
        if (attemptIsRequest)
            AddGateAndPace(builder, static outcome => Judge(outcome.Exception));
        if (_extensions.Attempt is { } attempt)
        {
            if (attemptIsRequest)
                AddTimeout(builder);
            attempt(builder);
        }

        return builder.Build();
    }

    public ResiliencePipeline<HttpResponseMessage> BuildRequestPipeline() => BuildRequestPipeline<HttpResponseMessage>(Judge);

    public ResiliencePipeline<IssuerAnswer[]> BuildBatchPipeline() => BuildRequestPipeline<IssuerAnswer[]>(static outcome => Judge(outcome.Exception));

    /// <summary>Determines the meaning of the result of an HTTP request.</summary>
    public Judgement Judge(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response ? AnswerJudge.Judge(response, _timeProvider.GetUtcNow()) : Judge(outcome.Exception);

    public void Dispose() => Source.Dispose();

    private static Judgement Judge(Exception? exception) =>
        exception is null ? new Judgement(AnswerMeaning.Good) : AnswerJudge.Judge(exception);

    private ResiliencePipeline<T> BuildRequestPipeline<T>(Func<Outcome<T>, Judgement> judge)
    {
        ResiliencePipelineBuilder<T> builder = new() { TimeProvider = _timeProvider };
        AddGateAndPace(builder, judge);
        AddTimeout(builder);
        return builder.Build();
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026:Members annotated with RequiresUnreferencedCode", Justification = "The cache's options have nothing to validate.")]
    private static void AddCache(ResiliencePipelineBuilder<IssuerAnswer> builder, CacheStrategy cache) =>
        builder.AddStrategy(_ => cache, new CacheStrategyOptions());

    private void AddRetry(ResiliencePipelineBuilder<IssuerAnswer> builder) => builder.AddRetry(new RetryStrategyOptions<IssuerAnswer>
    {
        // The retry policy counts attempts, because waits for a service that throttles or is down do not count, and it waits without occupying a slot.
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args => RequestContext.From(args.Context) is { } lookup && (args.Outcome.Exception is not null || lookup.IsCanary)
            ? _retry.ShouldRetryAsync(lookup, args.Outcome.Exception, args.Context.CancellationToken)
            : new ValueTask<bool>(false),
        Delay = TimeSpan.Zero,
    });

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026:Members annotated with RequiresUnreferencedCode", Justification = "The gate's options have nothing to validate.")]
    private void AddGateAndPace<T>(ResiliencePipelineBuilder<T> builder, Func<Outcome<T>, Judgement> judge)
    {
        builder.AddStrategy(_ => new GateStrategy<T>(Guard, judge), new GateStrategyOptions());
        if (Guard.IsPaced)
            builder.AddRateLimiter(new RateLimiterStrategyOptions
            {
                RateLimiter = args => Guard.PaceAsync(Find(args.Context), GatePass.From(args.Context), args.Context.CancellationToken),
            });
    }

    private void AddTimeout<T>(ResiliencePipelineBuilder<T> builder) => builder.AddTimeout(new TimeoutStrategyOptions
    {
        TimeoutGenerator = args => new ValueTask<TimeSpan>(Guard.AttemptTimeout(Find(args.Context))),
    });

    private RequestContext? Find(ResilienceContext context) => RequestContext.From(context) ?? Guard.Current;
}
