using System.Threading.RateLimiting;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>What all lookups of one source share, in whatever run they are: its gate, pace and budgets, and what is known of its latency. Thread-safe.</summary>
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

    /// <summary>Paces the requests: that of the options, or the user's own; null where nothing does.</summary>
    public RateLimiter? Limiter { get; }

    /// <summary>That of the options; null where nothing paces, or a limiter of the user's, of which nothing is known.</summary>
    public PacingRateLimiter? Pace => Limiter as PacingRateLimiter;

    public RetryBudget RetryBudget { get; }

    /// <summary>What an answer usually takes.</summary>
    public LatencyEstimate Latency { get; } = new();

    /// <summary>How large the batches are.</summary>
    public BatchPolicy Batches { get; }

    /// <summary>Sends a second request beside a late one; null where the client's calls do not allow it.</summary>
    public Hedge? Hedge { get; private set; }

    /// <summary>Times HTTP requests that bypass their pipeline.</summary>
    /// <remarks>Not a run's own: a request may be for all, such as that for a token, and go on when the run that sent it has ended.</remarks>
    public CallTimer RequestCalls { get; }

    /// <summary>The client's calls may be repeated beside each other.</summary>
    public void EnableHedging() => Hedge = new Hedge(Options.Hedging, Gate, Latency, Environment.TimeProvider);

    /// <summary>A lookup begins to ask, which pays for a share of the retries and hedged requests.</summary>
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
