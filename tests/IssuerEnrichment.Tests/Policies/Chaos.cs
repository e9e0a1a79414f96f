using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Testing;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Behavior;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;
using Polly.Simmy.Outcomes;

namespace IssuerEnrichment.Tests.Policies;

/// <summary>
/// Everything that Polly can break, inside an attempt: about one in four fails, hangs, is late or is answered by somebody else. What befalls an
/// issuer follows from its id, which is a number, and not from the order in which lookups run.
/// </summary>
internal sealed class Chaos
{
    private static readonly Func<Exception>[] Faults =
    [
        () => new IOException("chaos"),
        () => new SocketException((int)SocketError.ConnectionReset),
        () => new HttpRequestException(HttpRequestError.ResponseEnded, "chaos"),
        () => new TimeoutException("chaos"),
        () => new JsonException("chaos"),
        () => ServiceFailure.Transient(),
        () => new IssuerServiceException(EnrichmentErrorKind.ServiceError, "chaos", isTransient: true) { RetryAfter = TimeSpan.FromSeconds(1) },
        () => ServiceFailure.Throttled(),
        () => ServiceFailure.Throttled(retryAfter: TimeSpan.FromSeconds(2)),
    ];

    private readonly ConcurrentDictionary<string, Random> _chances = new();

    public void AddTo(ResiliencePipelineBuilder<IssuerAnswer> attempt) => attempt
        .AddChaosBehavior(new ChaosBehaviorStrategyOptions
        {
            InjectionRateGenerator = args => OnceIn(5, args.Context),
            BehaviorGenerator = _ => Hop(),
        })
        .AddChaosLatency(new ChaosLatencyStrategyOptions
        {
            InjectionRateGenerator = args => OnceIn(10, args.Context),
            LatencyGenerator = args => new ValueTask<TimeSpan>(Late(ChanceOf(args.Context))),
        })
        .AddChaosFault(new ChaosFaultStrategyOptions
        {
            InjectionRateGenerator = args => OnceIn(8, args.Context),
            FaultGenerator = args => new ValueTask<Exception?>(Faults[ChanceOf(args.Context).Next(Faults.Length)]()),
        })
        .AddChaosOutcome(new ChaosOutcomeStrategyOptions<IssuerAnswer>
        {
            InjectionRateGenerator = args => OnceIn(50, args.Context),
            OutcomeGenerator = args => new ValueTask<Outcome<IssuerAnswer>?>(ChanceOf(args.Context).Next(2) == 0
                ? Outcome.FromResult(IssuerAnswer.NotFound)
                : Outcome.FromException<IssuerAnswer>(ServiceFailure.Permanent())),
        });

    private ValueTask<double> OnceIn(int times, ResilienceContext context) => new(ChanceOf(context).Next(times) == 0 ? 1 : 0);

    private Random ChanceOf(ResilienceContext context) =>
        _chances.GetOrAdd(RequestContext.From(context)!.IssuerId!, id => new Random(int.Parse(id, CultureInfo.InvariantCulture)));

    // One in ten of those that are late is so for longer than any timeout.
    private static TimeSpan Late(Random chance) => chance.Next(10) == 0 ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(chance.Next(10));

    private static async ValueTask Hop() => await Task.Yield();
}
