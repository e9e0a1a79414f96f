using IssuerEnrichment.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Attributes;

/// <summary>Sources that load an attribute other than ISINs, with clients of every kind.</summary>
public sealed class AttributeTests
{
    private static readonly Rating Good = new("AA-", "stable", new DateOnly(2026, 3, 1));

    private readonly ScriptedAttributeClient<Rating> _client = new(id => id switch
    {
        "unknown" => IssuerAnswer<Rating>.NotFound,
        "failing" => throw ServiceFailure.Permanent(),
        _ => IssuerAnswer<Rating>.Found(Good with { Outlook = id }),
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential)]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    public async Task Every_strategy_loads_the_attribute_of_each_input(string strategy)
    {
        using IssuerEnricher<Rating> enricher = IssuerEnricher.Create((IIssuerClient<Rating>)_client);

        List<EnrichmentOutcome<Rating>> outcomes = await enricher
            .Stream(["1", "unknown", "failing", null, "1"], new() { Strategy = strategy, Ordered = true }).ToListAsync(Token);

        outcomes.Select(outcome => (outcome.IssuerId, outcome.Status, outcome.Value?.Outlook)).Should().Equal(
            ("1", EnrichmentStatus.Enriched, "1"),
            ("unknown", EnrichmentStatus.NotFound, null),
            ("failing", EnrichmentStatus.Failed, null),
            (null, EnrichmentStatus.Invalid, null),
            ("1", EnrichmentStatus.Enriched, "1"));
        outcomes[4].IsShared.Should().BeTrue();
        outcomes[4].Value.Should().BeSameAs(outcomes[0].Value);
        outcomes[0].ToString().Should().Be("1: Enriched, Rating { Grade = AA-, Outlook = 1, Since = 03/01/2026 }");
        outcomes[1].ToString().Should().Be("unknown: NotFound, The service knows no such issuer.");
    }

    [Fact]
    public async Task A_blocking_client_is_called_on_its_own_threads()
    {
        using IssuerEnricher<Rating> enricher = IssuerEnricher.Create((IBlockingIssuerClient<Rating>)_client);

        List<EnrichmentOutcome<Rating>> outcomes = await enricher.Stream(["1", "2"], new() { Ordered = true }).ToListAsync(Token);

        outcomes.Select(outcome => outcome.Value!.Outlook).Should().Equal("1", "2");
    }

    [Fact]
    public async Task A_batch_client_answers_many_issuers_with_one_request()
    {
        using IssuerEnricher<Rating> enricher = IssuerEnricher.Create((IIssuerBatchClient<Rating>)_client);

        IEnrichmentRun<Rating> run = enricher.Stream(Enumerable.Range(0, 100).Select(i => $"{i}"), new() { Ordered = true });
        List<EnrichmentOutcome<Rating>> outcomes = await run.ToListAsync(Token);

        outcomes.Select(outcome => outcome.Value!.Outlook).Should().Equal(Enumerable.Range(0, 100).Select(i => $"{i}"));
        _client.Batches.Should().Be(1);
        run.Report.Requests.Should().Be(1);
    }

    [Fact]
    public async Task Values_are_copied_to_the_objects_of_the_caller()
    {
        using IssuerEnricher<Rating> enricher = IssuerEnricher.Create((IIssuerClient<Rating>)_client);
        Bond[] bonds = [new("1"), new("unknown"), new("2")];

        EnrichmentResult<Rating> result = await enricher.EnrichAsync(bonds, bond => bond.Issuer, (bond, rating) => bond.Rating = rating, cancellationToken: Token);
        EnrichmentResult<Rating> again = enricher.Enrich(bonds, bond => bond.Issuer, (bond, rating) => bond.Rating = rating, cancellationToken: Token);

        bonds.Select(bond => bond.Rating?.Outlook).Should().Equal("1", null, "2");
        result.Outcomes.Select(outcome => outcome.Position).Should().Equal(0, 1, 2);
        again.Report.Enriched.Should().Be(2);
    }

    [Fact]
    public async Task Values_of_any_kind_are_carried_as_they_are()
    {
        (await LoadAsync("text")).Should().Be("text");
        (await LoadAsync(42)).Should().Be(42);
        (await LoadAsync<IReadOnlyList<string>>(["a", "b"])).Should().Equal("a", "b");
        (await LoadAsync(new Entity("ACME", "FR"))).Should().Be(new Entity("ACME", "FR"));
    }

    [Fact]
    public async Task The_default_answer_is_a_fault_of_the_client()
    {
        using IssuerEnricher<int> enricher = IssuerEnricher.Create((IIssuerClient<int>)new ScriptedAttributeClient<int>(_ => default));

        EnrichmentOutcome<int> outcome = await enricher.Stream(["1"]).SingleAsync(Token);

        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Fault);
        outcome.Value.Should().Be(0);
    }

    [Fact]
    public async Task A_plan_counts_the_requests()
    {
        using IssuerEnricher<Rating> enricher = IssuerEnricher.Create((IIssuerClient<Rating>)_client);

        EnrichmentPlan plan = await enricher.PlanAsync(["1", "2", "1"], cancellationToken: Token);

        plan.Requests.Expected.Should().Be(2);
        _client.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task Sources_of_several_attributes_stand_beside_each_other()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddIssuerClient(new ScriptedIssuerClient(id => IssuerAnswer.Found([id])));
        services.AddIssuerEnrichment<Rating>().AddIssuerClient(_client);
        services.AddIssuerEnrichment<Rating>("second opinion").AddIssuerBatchClient(_client);
        services.AddIssuerEnrichment<string>().AddBlockingIssuerClient<Names>();
        await using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        (await provider.GetRequiredService<IIssuerEnricher>().Stream(["1"]).SingleAsync(Token)).Isins.Should().Equal("1");
        (await provider.GetRequiredService<IIssuerEnricher<Rating>>().Stream(["1"]).SingleAsync(Token)).Value!.Outlook.Should().Be("1");
        (await provider.GetRequiredKeyedService<IIssuerEnricher<Rating>>("second opinion").Stream(["2"]).SingleAsync(Token)).Value!.Outlook.Should().Be("2");
        (await provider.GetRequiredService<IIssuerEnricher<string>>().Stream(["1"]).SingleAsync(Token)).Value.Should().Be("Issuer 1");
    }

    private static async Task<T> LoadAsync<T>(T value)
        where T : notnull
    {
        using IssuerEnricher<T> enricher = IssuerEnricher.Create((IIssuerClient<T>)new ScriptedAttributeClient<T>(_ => IssuerAnswer<T>.Found(value)));
        return (await enricher.Stream(["1"]).SingleAsync(Token)).Value!;
    }

    private sealed class Bond(string issuer)
    {
        public string Issuer => issuer;

        public Rating? Rating { get; set; }
    }

    private sealed class Names : IBlockingIssuerClient<string>
    {
        public IssuerAnswer<string> Load(string issuerId, CancellationToken cancellationToken) => IssuerAnswer<string>.Found($"Issuer {issuerId}");
    }
}
