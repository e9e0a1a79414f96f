using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Throttling;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// The policies of one source. This is the one place where pipelines are built and their order is written; outer to inner:
/// <code>
/// a lookup:   user's own ▸ cache ▸ retry ▸ user's own ▸ the client, hedged
/// a request:  gate ▸ pace ▸ attempt timeout ▸ the service
/// </code>
/// </summary>
/// <remarks>
/// An attempt of an HTTP client makes requests that are paced and timed on its <see cref="HttpClient"/>. An attempt of any other client is taken for one
/// request: gate and pace follow the retry, and <see cref="CallTimer"/> times the call itself, at a fraction of what Polly's timeout costs; that one
/// comes in only where it has the user's own policies to time as well. A request for many issuers passes its policies once, between their lookups and
/// the client. While the service is well, a first attempt bypasses the pipelines, and so does an HTTP request (<see cref="Http.RequestPolicyHandler"/>).
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

    /// <summary>What all lookups of the source share.</summary>
    public SourceState Source { get; }

    /// <summary>What every request passes.</summary>
    public RequestGuard Guard { get; }

    /// <summary>The policies of an HTTP request, in the form that Microsoft.Extensions.Http.Polly takes.</summary>
    public IAsyncPolicy<HttpResponseMessage> RequestPolicy => _requestPolicy.Value;

    /// <summary>Whether an HTTP request may bypass its pipeline: not where a limiter of the user's paces it, which may refuse, or want its lease back.</summary>
    public bool MayRequestBypass => Source.Limiter is null or PacingRateLimiter;

    /// <summary>Whether a first attempt that succeeds is none of the lookup's policies' business, so that it may bypass them.</summary>
    public bool MayBypass(bool attemptIsRequest) => _extensions is { Lookup: null, Attempt: null } && !(attemptIsRequest && Guard.IsPaced);

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

    /// <summary>Judges the end of an HTTP request.</summary>
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
        // The policy counts attempts itself, for waiting for a service that throttles, or is down, spends none; and it waits itself, without a place.
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
