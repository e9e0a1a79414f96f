using System.Net;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the test package's page.</summary>
public sealed class TestingPackageSnippets
{
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
}
