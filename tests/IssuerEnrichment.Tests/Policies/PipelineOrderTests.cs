using System.Threading.RateLimiting;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Testing;
using Polly.Timeout;

namespace IssuerEnrichment.Tests.Policies;

public sealed class PipelineOrderTests
{
    private readonly PolicyExtensions _extensions = new();

    [Fact]
    public void An_attempt_is_a_request_that_passes_the_gate_before_it_pays_the_pace()
    {
        _extensions.Lookup = builder => builder.AddTimeout(new TimeoutStrategyOptions { Name = "the user's outermost" });
        _extensions.Attempt = builder => builder.AddChaosFault(0.1, () => new IOException());

        Order(Policies(RateLimit.PerSecond(10)).BuildLookupPipeline(attemptIsRequest: true)).Should().Equal(
            typeof(TimeoutStrategyOptions),
            typeof(RetryStrategyOptions<IssuerAnswer>),
            typeof(GateStrategyOptions),
            typeof(RateLimiterStrategyOptions),
            typeof(TimeoutStrategyOptions),
            typeof(ChaosFaultStrategyOptions));
    }

    [Fact]
    public void Requests_of_an_http_client_have_their_own_pipeline()
    {
        ServicePolicies policies = Policies(RateLimit.PerSecond(10));

        Order(policies.BuildLookupPipeline(attemptIsRequest: false)).Should().Equal(
            typeof(RetryStrategyOptions<IssuerAnswer>));
        Order(policies.BuildRequestPipeline()).Should().Equal(
            typeof(GateStrategyOptions), typeof(RateLimiterStrategyOptions), typeof(TimeoutStrategyOptions));
    }

    [Fact]
    public void Without_a_rate_limit_nothing_paces() =>
        Order(Policies(null).BuildRequestPipeline()).Should().Equal(typeof(GateStrategyOptions), typeof(TimeoutStrategyOptions));

    [Fact]
    public void A_limiter_of_the_user_s_own_takes_the_place_of_the_rate_limit()
    {
        ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions { PermitLimit = 1 });
        _extensions.RateLimiter = limiter;
        ServicePolicies policies = Policies(RateLimit.PerSecond(10));

        Order(policies.BuildRequestPipeline()).Should().Equal(
            typeof(GateStrategyOptions), typeof(RateLimiterStrategyOptions), typeof(TimeoutStrategyOptions));
        policies.Dispose();
        limiter.Invoking(limiter => limiter.AttemptAcquire()).Should().Throw<ObjectDisposedException>();
    }

    private static IEnumerable<Type> Order<T>(ResiliencePipeline<T> pipeline) =>
        pipeline.GetPipelineDescriptor().Strategies.Select(strategy => strategy.Options!.GetType());

    private ServicePolicies Policies(RateLimit? limit) => new(
        new IssuerEnrichmentOptions { RateLimit = limit },
        _extensions,
        new SourceEnvironment(TimeProvider.System, () => 1, new EnrichmentTelemetry(null, NullLogger.Instance, "")));
}
