using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Gleif;

/// <summary>What GLEIF would be asked for, said before.</summary>
public sealed class GleifPlanTests
{
    private static readonly Entity[] Entities = [.. Enumerable.Range(1, 500).Select(number => Entity.Create(number, isins: number % 2))];

    private static readonly string[] Leis = [.. Entities.Select(entity => entity.Lei), Entities[0].Lei, "LEI-1"];

    [Fact]
    public async Task A_thousand_leis_are_planned_in_every_way_that_there_is()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddGleifIssuerClient(options => options.BaseAddress = new Uri("http://127.0.0.1:9/"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        EnrichmentPlan plan = await provider.GetRequiredService<IIssuerEnricher>().PlanAsync(
            Enumerable.Range(1, 1_000).Select(Entity.LeiOf), cancellationToken: TestContext.Current.CancellationToken);

        plan.LimitedBy.Should().Be(RunLimit.Rate);
        plan.Requests.ToString().Should().Be("with the pre-check, and at least one page for each LEI that has ISINs: 5 to 1,005 requests, 4 s to 17 min");
        plan.Alternatives.Select(way => way.ToString()).Should().Equal(
            "page by page, at least one page for each LEI: 1,000 requests, 17 min",
            "from GLEIF's daily file, which is one download: no request");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task The_run_then_takes_as_many_requests_as_were_planned(bool precheck, bool records)
    {
        GleifData data = new(Entities);
        await using GleifService gleif = await GleifService.StartAsync(data, options => (options.Precheck, options.Records) = (precheck, records));

        EnrichmentPlan plan = await gleif.Enricher.PlanAsync(Leis, cancellationToken: TestContext.Current.CancellationToken);
        data.Requests.Should().BeEmpty();
        (_, EnrichmentReport report) = await gleif.AskAsync(Leis);

        plan.Should().Match<EnrichmentPlan>(p => p.Issuers == 500 && p.Invalid == 1 && p.Duplicates == 1);
        report.Requests.Should().BeInRange(plan.Requests.Least, plan.Requests.Expected);
        if (!precheck)
            report.Requests.Should().Be(plan.Requests.Expected);
    }

    [Theory]
    [InlineData(1, "async")]
    [InlineData(500, "sequential")]
    public async Task Single_leis_skip_the_precheck(int leis, string strategy)
    {
        await using GleifService gleif = await GleifService.StartAsync(new GleifData(Entities), configureSource: options => options.Strategy = strategy);

        EnrichmentPlan plan = await gleif.Enricher.PlanAsync(Leis.Take(leis), cancellationToken: TestContext.Current.CancellationToken);

        plan.Requests.Should().Match<PlannedRequests>(r => r.Least == leis && r.Expected == leis);
    }
}
