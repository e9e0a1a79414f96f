using IssuerEnrichment.Batching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Runs;

/// <summary>One source as its runs know it: the client, the policies that all runs share, and what is known of the service.</summary>
internal sealed class IssuerSource(
    IssuerClientAdapter client, ServicePolicies policies, IIssuerTypeClassifier classifier, SourceEnvironment environment, int maxIssuerIdLength)
    : IDisposable
{
    private readonly BatchSender? _sender = client.BatchClient is { } batchClient ? new(batchClient, client.AsksAlone, policies, environment.TimeProvider) : null;

    /// <summary>Executes the lookups.</summary>
    public LookupExecutor Executor { get; } = new(client, policies, environment.TimeProvider, environment.Cache);

    /// <summary>Tells the types of issuers.</summary>
    public IIssuerTypeClassifier Classifier => classifier;

    public bool IsBatching => _sender is not null;

    public bool IsBlocking => client.IsBlocking;

    public string RequestShape => client.RequestShape;

    public string SuitableStrategy => client.IsBlocking ? EnrichmentStrategyName.ThreadPool : EnrichmentStrategyName.Async;

    /// <summary>Paces the requests, as far as is known.</summary>
    public PacingRateLimiter? Pace => policies.Source.Pace;

    /// <summary>What an answer took so far, on average; null until that is known.</summary>
    public TimeSpan? TypicalLatency => policies.Source.Latency.Mean;

    /// <summary>Whether the service is down, as far as is known.</summary>
    public bool IsDown => policies.Source.Gate.IsDown;

    /// <summary>Whether the service has answered for an issuer that it can be asked for again.</summary>
    public bool HasCanary => policies.Source.Gate.Canary is not null;

    /// <summary>How many requests so many issuers take, with so many lookups in flight.</summary>
    public RequestEstimate EstimateRequests(long issuers, int maxLookups) =>
        client.EstimateRequests(issuers, IsBatching ? Math.Min(policies.Source.Batches.MaxSize, maxLookups) : 1);

    /// <summary>Says why an id cannot be looked up; null where it can.</summary>
    public string? Refuse(string? issuerId) => IssuerIdRule.Refuse(issuerId, maxIssuerIdLength) ?? client.Refuse(issuerId!);

    /// <summary>Calls an action, which must be quick, whenever the service answers after failures, or is given up.</summary>
    public IDisposable Watch(Action onChange) => policies.Source.Gate.Watch(onChange);

    /// <summary>A run begins. Gives what puts its lookups together into batches; null where the client is asked for one issuer at a time.</summary>
    /// <param name="mostInFlight">The most lookups of the run that can be in flight soon.</param>
    /// <param name="maxConcurrency">Requests at a time.</param>
    /// <param name="isConcurrencyFound">Whether that is only a bound, and the number of them is to be found out.</param>
    public LookupBatcher? BeginRun(Func<long> mostInFlight, int maxConcurrency, bool isConcurrencyFound)
    {
        policies.Source.Gate.BeginRun(isConcurrencyFound ? maxConcurrency : null);
        return _sender is null ? null : new LookupBatcher(mostInFlight, maxConcurrency, _sender, environment);
    }

    public void Dispose() => policies.Dispose();
}
