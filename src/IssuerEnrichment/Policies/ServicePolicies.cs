using System.Threading.RateLimiting;
using IssuerEnrichment.Enrichment;
using IssuerEnrichment.Pacing;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace IssuerEnrichment.Policies;

/// <summary>
/// The policies of one service, shared by all its lookups. This is the one place where pipelines are built and their order is written; outer to inner:
/// <code>
/// a lookup:   user's own ▸ retry ▸ circuit breaker ▸ user's own ▸ the client
/// a request:  pace ▸ attempt timeout ▸ the service
/// </code>
/// </summary>
/// <remarks>
/// An attempt of an HTTP client makes requests that are paced and timed on its <see cref="HttpClient"/>. An attempt of any other client is taken for one
/// request, so the request's policies follow the lookup's directly.
/// </remarks>
internal sealed class ServicePolicies : IAsyncDisposable
{
    private readonly IssuerEnrichmentOptions _options;
    private readonly PolicyExtensions _extensions;
    private readonly RunEnvironment _environment;
    private readonly TimeProvider _timeProvider;
    private readonly RateLimiter? _pace;
    private readonly RetryPolicy _retry;
    private readonly OutageClock _outage;
    private readonly AsyncLocal<IssuerLookup?> _current = new();
    private readonly Lazy<IAsyncPolicy<HttpResponseMessage>> _requestPolicy;

    public ServicePolicies(IssuerEnrichmentOptions options, PolicyExtensions extensions, RunEnvironment environment)
    {
        _options = options;
        _extensions = extensions;
        _environment = environment;
        _timeProvider = environment.TimeProvider;
        _pace = extensions.RateLimiter ?? (options.RateLimit is { } limit ? new PacingRateLimiter(limit, _timeProvider) : null);
        _outage = new OutageClock(options.Outage.Patience, _timeProvider);
        _requestPolicy = new(() => BuildRequestPipeline().AsAsyncPolicy());
        _retry = new RetryPolicy(options.Retry, options.Timeout, _outage, environment.Random);
    }

    /// <summary>Lets the request's policies find the lookup on whose behalf the current flow makes requests.</summary>
    public void Enter(IssuerLookup lookup) => _current.Value = lookup;

    /// <summary>Counts a request for the lookup on whose behalf it is sent.</summary>
    public void CountRequest()
    {
        if (_current.Value is { } lookup)
            lookup.Outcome.Requests++;
    }

    public ResiliencePipeline<IssuerAnswer> BuildLookupPipeline(bool attemptIsRequest)
    {
        ResiliencePipelineBuilder<IssuerAnswer> builder = new() { TimeProvider = _timeProvider };
        _extensions.Lookup?.Invoke(builder);
        AddRetry(builder);
        AddCircuitBreaker(builder);
        if (attemptIsRequest)
            AddRequestPolicies(builder);
        _extensions.Attempt?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The request's policies in the form that Microsoft.Extensions.Http.Polly takes.</summary>
    public IAsyncPolicy<HttpResponseMessage> RequestPolicy => _requestPolicy.Value;

    public ResiliencePipeline<HttpResponseMessage> BuildRequestPipeline()
    {
        ResiliencePipelineBuilder<HttpResponseMessage> builder = new() { TimeProvider = _timeProvider };
        AddRequestPolicies(builder);
        return builder.Build();
    }

    public ValueTask DisposeAsync() => _pace is { } pace ? pace.DisposeAsync() : default;

    private void AddRetry(ResiliencePipelineBuilder<IssuerAnswer> builder)
    {
        if (_options.Retry.MaxAttempts == 1)
            return;
        builder.AddRetry(new RetryStrategyOptions<IssuerAnswer>
        {
            // The policy counts attempts itself: waiting for a service that is down spends none.
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = args => new ValueTask<bool>(
                args.Outcome.Exception is { } e && IssuerLookup.From(args.Context) is { } lookup && _retry.ShouldRetry(lookup, e)),
            DelayGenerator = args => new ValueTask<TimeSpan?>(IssuerLookup.From(args.Context)!.Retry!.NextDelay),
        });
    }

    private void AddCircuitBreaker(ResiliencePipelineBuilder<IssuerAnswer> builder)
    {
        OutageOptions outage = _options.Outage;
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<IssuerAnswer>
        {
            FailureRatio = outage.FailureRatio,
            MinimumThroughput = outage.MinimumAttempts,
            SamplingDuration = outage.SamplingDuration,
            BreakDuration = outage.BreakDuration,
            ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is { } e && IsSignOfOutage(e, args.Context)),
            OnOpened = _ =>
            {
                if (_outage.TryBegin())
                    _environment.Telemetry.OutageBegan();
                return default;
            },
            OnClosed = _ =>
            {
                _outage.End();
                _environment.Telemetry.OutageEnded();
                return default;
            },
        });
    }

    private void AddRequestPolicies<T>(ResiliencePipelineBuilder<T> builder)
    {
        if (_pace is not null)
            builder.AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = PaceAsync });
        builder.AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = args => new ValueTask<TimeSpan>(AttemptTimeout(args.Context)) });
    }

    private async ValueTask<RateLimitLease> PaceAsync(RateLimiterArguments args)
    {
        long askedAt = _timeProvider.GetTimestamp();
        try
        {
            return await _pace!.AcquireAsync(1, args.Context.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Find(args.Context) is { } lookup)
                lookup.Outcome.AddWait(new LookupTime { Paced = _timeProvider.GetElapsedTime(askedAt) });
        }
    }

    private TimeSpan AttemptTimeout(ResilienceContext context)
    {
        if (Find(context) is not { } lookup)
            return _options.Timeout.Attempt;
        TimeSpan left = _options.Timeout.Lookup - lookup.Outcome.OnTheWire;
        return left >= _options.Timeout.Attempt ? _options.Timeout.Attempt : TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds));
    }

    private IssuerLookup? Find(ResilienceContext context) => IssuerLookup.From(context) ?? _current.Value;

    // A refusal to one issuer, a throttle and the end of the run say nothing about the service's health.
    private static bool IsSignOfOutage(Exception exception, ResilienceContext context)
    {
        if (IssuerLookup.From(context) is { Lifetime.IsEnding: true })
            return false;
        return Failure.Of(exception) is { IsTransient: true, Error.Kind: not EnrichmentErrorKind.Throttled };
    }
}
