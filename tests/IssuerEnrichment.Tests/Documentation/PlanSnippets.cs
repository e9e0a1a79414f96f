using System.Globalization;
using IssuerEnrichment.Tests.Clients;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on planning.</summary>
public sealed class PlanSnippets
{
    private StringWriter Console { get; } = new(CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_plan_says_what_a_run_would_take()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient(), new() { RateLimit = RateLimit.PerMinute(60) });
        IEnumerable<string> issuerIds = [.. Enumerable.Range(1, 1_000).Select(id => id.ToString(CultureInfo.InvariantCulture)), "1", " "];

        #region plan
        EnrichmentPlan plan = await enricher.PlanAsync(issuerIds, typicalLatency: TimeSpan.FromMilliseconds(200));

        Console.WriteLine($"{plan.Issuers} of {plan.Inputs} are asked for; {plan.Invalid} invalid, {plan.Duplicates} duplicates, {plan.Known} in the journal");
        Console.WriteLine(plan.Requests);
        Console.WriteLine($"{plan.LimitedBy}: {plan.Advice}");
        #endregion

        Console.ToString().TrimEnd().Should().Be(CodeBlock.Named("output: plan"));
    }

    [Fact]
    public async Task A_client_says_what_it_takes()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new TwoStepClient());

        EnrichmentPlan plan = await enricher.PlanAsync(["1", "2"], cancellationToken: TestContext.Current.CancellationToken);

        plan.Requests.Should().Match<PlannedRequests>(r => r.Least == 2 && r.Expected == 4);
    }

    #region request-estimate
    private sealed class TwoStepClient : IIssuerClient, IRequestEstimate
    {
        public RequestEstimate EstimateRequests(long issuers, int batchSize) =>
            new("a search and an answer for each issuer, or a search that finds nothing", issuers, 2 * issuers);

        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
            Task.FromResult(IssuerAnswer.Found([issuerId]));
    }
    #endregion
}
