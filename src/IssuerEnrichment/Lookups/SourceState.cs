using System.Threading.RateLimiting;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>The state that all lookups of one source share, across runs: gate, rate limiter, budgets and latency. Thread-safe.</summary>
internal sealed class SourceState : IDisposable
{
    public SourceState(IssuerEnrichmentOptions options, RateLimiter? limiter, SourceEnvironment environment)
    {
        Options = options;
        Environment = environment;
        Limiter = limiter ?? (options.RateLimit is { } limit ? new PacingRateLimiter(limit, environment.TimeProvider) : null);
        RetryBudget = new RetryBudget(options.Retry.Budget, environment.TimeProvider);
        Gate = new ServiceGate(
            options.Gate, environment.TimeProvider, environment.Random, environment.Telemetry, isPaced: Limiter is not null, Pace?.Limit.EvenPerSecond);
        Batches = new BatchPolicy(options.Batch);
        RequestCalls = new CallTimer(environment.TimeProvider, CancellationToken.None);
    }

    public IssuerEnrichmentOptions Options { get; }

    public SourceEnvironment Environment { get; }

    /// <summary>The gate that all requests pass.</summary>
    public ServiceGate Gate { get; }

    /// <summary>The rate limiter for requests, from the options or the user; null if there is none.</summary>
    public RateLimiter? Limiter { get; }

    /// <summary>The rate limiter from the options; null if there is none, or the user has replaced it with one whose limits are unknown.</summary>
    public PacingRateLimiter? Pace => Limiter as PacingRateLimiter;

    public RetryBudget RetryBudget { get; }

    /// <summary>The latency of the service.</summary>
    public LatencyEstimate Latency { get; } = new();

    /// <summary>The size of batches.</summary>
    public BatchPolicy Batches { get; }

    /// <summary>Sends hedged requests; null if hedging is disabled.</summary>
    public Hedge? Hedge { get; private set; }

    /// <summary>Applies timeouts to HTTP requests that bypass their pipeline.</summary>
    /// <remarks>
    /// Not bound to a run: a request may serve several runs, for example one for a token, and continue when the run that sent it has ended.
    /// </remarks>
    public CallTimer RequestCalls { get; }

    /// <summary>Enables hedging: the client's calls are idempotent.</summary>
    public void EnableHedging() => Hedge = new Hedge(Options.Hedging, Gate, Latency, Environment.TimeProvider);

    /// <summary>Notes the start of a lookup, which adds to the budgets for retries and hedged requests.</summary>
    public void Begin(RequestContext lookup)
    {
        RetryBudget.Deposit(lookup.Share);
        Hedge?.Deposit();
    }

    public void Dispose()
    {
        Gate.Dispose();
        RequestCalls.Dispose();
        RetryBudget.Dispose();
        Limiter?.Dispose();
    }
}
