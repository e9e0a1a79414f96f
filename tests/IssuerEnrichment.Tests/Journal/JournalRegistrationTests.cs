using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Http;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>Which journal a source has, and under which key it keeps its verdicts.</summary>
public sealed class JournalRegistrationTests
{
    private readonly InMemoryJournal _journal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_journal_of_a_source_counts_and_other_sources_have_their_own()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddIssuerClient(new EchoIssuerClient()).UseJournal(_ => throw new NotSupportedException()).UseJournal(_ => _journal);
        services.AddIssuerEnrichment("bonds").AddIssuerClient(new EchoIssuerClient()).UseJournal(_ => _journal);
        services.AddIssuerEnrichment("none").AddIssuerClient(new EchoIssuerClient());
        await using ServiceProvider provider = services.BuildServiceProvider();

        foreach (string source in new[] { "", "bonds", "none" })
            await provider.GetRequiredKeyedService<IIssuerEnricher>(source).Stream(["1"], new() { Journal = new() { Run = "May" } }).ToListAsync(Token);

        _journal.Keys.Select(key => (key.Run, key.Source)).Should().Equal(("May", ""), ("May", "bonds"));
    }

    [Fact]
    public async Task Answers_of_another_address_suffix_or_path_are_not_reused()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("""{"data":{"isins":["US0378331005"],"old":["XS0011000030"]}}""");
        Uri other = new(service.BaseAddress, "other/");

        await EnrichAsync(service.BaseAddress);
        await EnrichAsync(other);
        await EnrichAsync(service.BaseAddress, suffix: "/isins");
        await EnrichAsync(service.BaseAddress, path: "data.old");
        (await EnrichAsync(service.BaseAddress, path: "data.old")).Source.Should().Be(EnrichmentSource.Journal);
        (await EnrichAsync(service.BaseAddress)).Source.Should().Be(EnrichmentSource.Journal);

        service.Targets.Should().HaveCount(4);
        _journal.Keys.Select(key => key.RequestShape).Distinct().Should().HaveCount(4).And.OnlyContain(shape => shape.Length == 64);
    }

    [Fact]
    public async Task Secrets_do_not_decide_an_answer()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("""{"data":{"isins":["US0378331005"]}}""");
        Uri withPassword = new UriBuilder(service.BaseAddress) { UserName = "user", Password = "sesame" }.Uri;

        await EnrichAsync(service.BaseAddress);
        await EnrichAsync(withPassword);
        await EnrichAsync(service.BaseAddress, header: "sesame");

        _journal.Keys.Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_client_of_your_own_is_known_by_its_type_unless_it_says_more()
    {
        await IssuerEnricher.Create(new EchoIssuerClient(), journal: _journal).Stream(["1"]).ToListAsync(Token);
        await IssuerEnricher.Create(new ScriptedIssuerClient(_ => IssuerAnswer.NotFound), journal: _journal).Stream(["1"]).ToListAsync(Token);
        await IssuerEnricher.Create(new DatedClient("May"), journal: _journal).Stream(["1"]).ToListAsync(Token);
        await IssuerEnricher.Create(new DatedClient("June"), journal: _journal).Stream(["1"]).ToListAsync(Token);
        await IssuerEnricher.Create(new DatedClient("May"), journal: _journal).Stream(["1"]).ToListAsync(Token);

        _journal.Keys.Distinct().Should().HaveCount(4);
    }

    [Fact]
    public void A_run_without_a_name_is_rejected() => FluentActions
        .Invoking(() => IssuerEnricher.Create(new EchoIssuerClient()).Stream(["1"], new() { Journal = new() { Run = null! } }))
        .Should().Throw<ArgumentException>().WithMessage("Journal.Run is null*");

    private async Task<EnrichmentOutcome> EnrichAsync(Uri address, string suffix = "", string path = "data.isins", string? header = null)
    {
        await using Source source = Source.Of(builder => builder
            .AddHttpIssuerClient(options =>
            {
                options.BaseAddress = address;
                options.Suffix = suffix;
                options.AnswerPath = path;
                if (header is not null)
                    options.Headers["X-Api-Key"] = header;
            })
            .UseJournal(_ => _journal));
        return (await source.Enricher.Stream(["1"]).ToListAsync(Token).AsTask().WithTimeout()).Single();
    }

    private sealed class DatedClient(string date) : IIssuerClient, IRequestShape
    {
        public string RequestShape => $"issuers as of {date}";

        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) => Task.FromResult(IssuerAnswer.Found([date]));
    }
}
