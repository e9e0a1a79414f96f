using System.Net;
#region script
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;
#endregion
using ParallelStrategy = IssuerEnrichment.Tests.Documentation.StrategySnippets.ParallelStrategy;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the test package's page.</summary>
public sealed class TestingPackageSnippets
{
    [Fact]
    public async Task A_client_does_what_its_script_says()
    {
        #region scripted-client
        ScriptedIssuerClient client = new((id, attempt) => (id, attempt) switch
        {
            ("2", 1) => throw ServiceFailure.Throttled(retryAfter: TimeSpan.FromMilliseconds(10)),
            ("3", _) => IssuerAnswer.NotFound,
            _ => IssuerAnswer.Found(["US0378331005"]),
        });

        DocumentEnrichmentResult result = await IssuerEnricher.Create(client).EnrichAsync(new IssuerDocument([new("1"), new("2"), new("3")]));
        // result.Report: 2 enriched, 1 not found. client.AttemptsOf("2") is 2.
        #endregion

        (result.Report.Enriched, result.Report.NotFound, client.AttemptsOf("2")).Should().Be((2, 1, 2));
    }

    [Fact]
    public async Task A_client_holds_requests_until_they_are_let_go()
    {
        IEnumerable<string> ids = Enumerable.Range(1, 9).Select(id => $"{id}");

        #region gated-client
        GatedIssuerClient client = new();
        IEnrichmentRun run = IssuerEnricher.Create(client, new() { MaxConcurrency = 4 }).Stream(ids);
        Task<int> outcomes = run.CountAsync().AsTask();

        await client.ReachInFlightAsync(4); // Four are held: look at them, stop the run, cancel it.
        client.LetOneGo();
        await client.ReachAskedAsync(5); // One has ended, the fifth has begun.
        client.Open();
        await outcomes; // client.MostInFlight is 4.
        #endregion

        ((await outcomes), client.MostInFlight).Should().Be((9, 4));
    }

    [Fact]
    public async Task A_service_misbehaves_as_scripted()
    {
        #region script
        IssuerServiceScript script = new()
        {
            Seed = 42,
            Faults =
            [
                new RateLimitFault(200, TimeSpan.FromSeconds(1)) { Burst = 20, Dialect = RateLimitDialect.RetryAfterSeconds },
                new LatencyFault(TimeSpan.FromMilliseconds(50)) { Spread = 0.5 },
                new StatusFault(404, 0.02) { Permanent = true },
                new StatusFault(503, 0.05) { RetryAfter = TimeSpan.FromSeconds(1) },
                new TruncatedFault(0.01),
            ],
        };

        await using IssuerTestService service = await IssuerTestService.StartAsync(script);
        // Ask service.BaseAddress; compare with IssuerTestService.IsinsOf(id); look at service.Statistics.
        #endregion

        using HttpClient client = new();
        using HttpResponseMessage response = await client.GetAsync(new Uri(service.BaseAddress, "7"), TestContext.Current.CancellationToken);
        response.StatusCode.Should().Be(script.Faults.OfType<StatusFault>().Any(fault => fault.Strikes(script, "7", 1))
            ? HttpStatusCode.ServiceUnavailable
            : HttpStatusCode.OK);
        service.Statistics.Requests.Should().Be(1);
    }

    [Fact]
    public async Task A_fault_of_ones_own_answers_in_its_way()
    {
        await using IssuerTestService service = await IssuerTestService.StartAsync(
            new IssuerServiceScript { Faults = [new TeapotFault(1)] }, TestContext.Current.CancellationToken);
        using HttpClient client = new();
        using HttpResponseMessage response = await client.GetAsync(new Uri(service.BaseAddress, "7"), TestContext.Current.CancellationToken);
        ((int)response.StatusCode).Should().Be(418);
    }

    #region fault
    internal sealed class TeapotFault(double share) : RandomFault(share)
    {
        protected override Task AnswerAsync(IssuerRequest request) => request.AnswerAsync(418);
    }
    #endregion

    #region strategy-contract
    public sealed class ParallelStrategyTests
    {
        public static TheoryData<StrategyRule> Rules => [.. EnrichmentStrategyContract.Rules];

        [Theory]
        [MemberData(nameof(Rules))]
        public Task Obeys_the_rule(StrategyRule rule) => rule.VerifyAsync(new ParallelStrategy());
    }
    #endregion
}
