using IssuerEnrichment.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the front page and of the package's page, run against a service that knows what they ask for.</summary>
public sealed class ReadmeSnippets : IAsyncLifetime
{
    private readonly ServiceCollection _services = new();
    private IssuerTestService _service = null!;

    private StringWriter Console { get; } = new();

    public async ValueTask InitializeAsync() => _service = await IssuerTestService.StartAsync(
        new IssuerServiceScript
        {
            Faults = [new IssuerStatusFault("2", 503, attempts: 1), new IssuerStatusFault("3", 404), new IssuerStatusFault("4", 410)],
        },
        TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_document_is_enriched()
    {
        ServiceCollection services = _services;
        Uri serviceAddress = _service.BaseAddress;

        #region document
        services.AddIssuerEnrichment(o => { o.MaxConcurrency = 8; o.RateLimit = RateLimit.PerSecond(100); })
                .AddHttpIssuerClient(o => o.BaseAddress = serviceAddress);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();

        IssuerDocument document = new([new("1"), new("2"), new("3"), new("4"), new(" "), new("1")], ["Sovereign"]);
        (IssuerDocument enriched, IReadOnlyList<EnrichmentOutcome> outcomes, EnrichmentReport report) = await enricher.EnrichAsync(document);

        foreach (EnrichmentOutcome o in outcomes)
            Console.WriteLine($"'{o.IssuerId}' {o.Status}: {o.Error?.Message ?? $"{o.Type}, {string.Join(" ", o.Isins!)}"} ({o.Attempts} attempts)");
        Console.WriteLine($"{report.Inputs} inputs = {report.Enriched} enriched + {report.NotFound} not found + {report.Invalid} invalid"
            + $" + {report.Failed} failed + {report.NotAttempted} not attempted, by {report.Requests} requests");
        #endregion

        Console.ToString().TrimEnd().Should().Be(CodeBlock.Named("output: document"));
        enriched.Issuers.Select(issuer => issuer.Type?.Name).Should().Equal("Sovereign", "Sovereign", null, null, null, "Sovereign");
    }

    [Fact]
    public async Task There_are_four_methods_to_start_a_run()
    {
        await using ServiceProvider provider = Provide();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        IssuerDocument document = new([new("1")]);
        List<Bond> bonds = [new() { IssuerId = "1" }, new() { IssuerId = "3" }];
        string[] issuerIds = ["1", "2", "3"];
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        #region ways-in
        DocumentEnrichmentResult ofDocument = await enricher.EnrichAsync(document, cancellationToken: cancellationToken);
        EnrichmentResult ofObjects = await enricher.EnrichAsync(
            bonds, bond => bond.IssuerId, (bond, found) => bond.Isins = found.Isins, cancellationToken: cancellationToken);

        IEnrichmentRun run = enricher.Stream(issuerIds, new EnrichmentRunOptions { Ordered = true, Deadline = TimeSpan.FromMinutes(5) });
        await foreach (EnrichmentOutcome outcome in run.WithCancellation(cancellationToken))
            Console.WriteLine($"{outcome.IssuerId}: {outcome.Status}");

        EnrichmentResult blocking = enricher.Enrich(bonds, bond => bond.IssuerId, (bond, found) => bond.Isins = found.Isins);
        #endregion

        ofDocument.Document.Issuers.Single().Isins.Should().Equal(IssuerTestService.IsinsOf("1"));
        ofObjects.Report.Should().Match<EnrichmentReport>(report => report.Enriched == 1 && report.NotFound == 1);
        Console.ToString().ReplaceLineEndings("\n").Should().Be("1: Enriched\n2: Enriched\n3: NotFound\n");
        blocking.Report.IsBalanced.Should().BeTrue();
        bonds.Select(bond => bond.Isins).Should().BeEquivalentTo([IssuerTestService.IsinsOf("1"), null]);
    }

    [Fact]
    public async Task A_client_of_ones_own_is_one_method()
    {
        #region package
        using IssuerEnricher enricher = IssuerEnricher.Create(new LedgerClient(), new IssuerEnrichmentOptions { MaxConcurrency = 4 });
        List<Bond> bonds = [new() { IssuerId = "A" }, new() { IssuerId = "B" }];

        EnrichmentResult result = await enricher.EnrichAsync(bonds, bond => bond.IssuerId, (bond, found) => bond.Isins = found.Isins);

        foreach (EnrichmentOutcome outcome in result.Outcomes)
            Console.WriteLine($"{outcome.IssuerId}: {outcome.Status}");
        #endregion

        Console.ToString().TrimEnd().Should().Be(CodeBlock.Named("output: package"));
        bonds[0].Isins.Should().Equal("US0378331005");
    }

    [Fact]
    public async Task Options_come_from_configuration()
    {
        ServiceCollection services = _services;
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Issuers:RateLimit", "100/1s, 10000/1d"), new("Issuers:Retry:MaxAttempts", "3")])
            .Build();
        Uri serviceAddress = _service.BaseAddress;

        #region configuration
        services.AddIssuerEnrichment(configuration.GetSection("Issuers")).AddHttpIssuerClient(o => o.BaseAddress = serviceAddress);
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        EnrichmentResult result = await enricher.EnrichAsync(["1"], id => id, (_, _) => { }, cancellationToken: TestContext.Current.CancellationToken);
        result.Report.Enriched.Should().Be(1);
    }

    private ServiceProvider Provide()
    {
        _services.AddIssuerEnrichment().AddHttpIssuerClient(options => options.BaseAddress = _service.BaseAddress);
        return _services.BuildServiceProvider();
    }

    private sealed class Bond
    {
        public required string IssuerId { get; init; }

        public IReadOnlyList<string>? Isins { get; set; }
    }

    #region client
    private sealed class LedgerClient : IIssuerClient
    {
        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
            Task.FromResult(issuerId == "A" ? IssuerAnswer.Found(["US0378331005"]) : IssuerAnswer.NotFound);
    }
    #endregion
}
