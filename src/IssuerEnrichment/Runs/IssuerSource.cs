using IssuerEnrichment.Batching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Runs;

/// <summary>A source: its client, the policies that all runs share, and the known state of the service.</summary>
internal sealed class IssuerSource(
    IssuerClientAdapter client, ServicePolicies policies, IIssuerTypeClassifier? classifier, SourceEnvironment environment, int maxIssuerIdLength)
    : IDisposable
{
    private readonly BatchSender? _sender = client.AskBatch is { } askBatch ? new(askBatch, client.AsksAlone, policies, environment.TimeProvider) : null;

    /// <summary>Executes the lookups.</summary>
    public LookupExecutor Executor { get; } = new(client, policies, environment.TimeProvider, environment.Cache);

    /// <summary>Determines the types of issuers; null if the source does not load ISINs.</summary>
    public IIssuerTypeClassifier? Classifier => classifier;

    /// <summary>The attribute that the source loads.</summary>
    public AnswerFormat Format => client.Format;

    public bool IsBatching => _sender is not null;

    public bool IsBlocking => client.IsBlocking;

    public string RequestShape => client.RequestShape;

    /// <summary>The client-side rate limiter, if the source has one whose limits are known.</summary>
    public PacingRateLimiter? Pace => policies.Source.Pace;

    /// <summary>The mean latency of the service so far; null until it is known.</summary>
    public TimeSpan? TypicalLatency => policies.Source.Latency.Mean;

    /// <summary>Whether the service is known to be down.</summary>
    public bool IsDown => policies.Source.Gate.IsDown;

    /// <summary>Whether the service has answered for an issuer that can be used as a probe.</summary>
    public bool HasCanary => policies.Source.Gate.Canary is not null;

    /// <summary>Estimates the number of requests for a number of issuers, given the number of lookups in flight.</summary>
    public RequestEstimate EstimateRequests(long issuers, int maxLookups) =>
        client.EstimateRequests(issuers, IsBatching ? Math.Min(policies.Source.Batches.MaxSize, maxLookups) : 1);

    /// <summary>Returns why an id is invalid; null if it is valid.</summary>
    public string? Validate(string? issuerId) => IssuerIdRule.Validate(issuerId, maxIssuerIdLength) ?? client.Validate(issuerId!);

    /// <summary>Registers a callback that runs whenever the service answers after failures, or is given up. It must return quickly.</summary>
    public IDisposable Watch(Action onChange) => policies.Source.Gate.Watch(onChange);

    /// <summary>Starts a run. Returns the batcher of its lookups; null if the client does not take batches.</summary>
    /// <param name="mostInFlight">Returns the maximum number of the run's lookups that can be in flight soon.</param>
    /// <param name="maxConcurrency">The maximum number of concurrent requests.</param>
    /// <param name="isConcurrencyFound">Whether that is only an upper bound below which the limit is learned.</param>
    public LookupBatcher? BeginRun(Func<long> mostInFlight, int maxConcurrency, bool isConcurrencyFound)
    {
        policies.Source.Gate.BeginRun(isConcurrencyFound ? maxConcurrency : null);
        return _sender is null ? null : new LookupBatcher(mostInFlight, maxConcurrency, _sender, environment);
    }

    public void Dispose() => policies.Dispose();
}
