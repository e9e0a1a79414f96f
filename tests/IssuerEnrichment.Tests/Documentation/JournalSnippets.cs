using IssuerEnrichment.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the pages on the journal, run twice as a process that is started again would.</summary>
public sealed class JournalSnippets : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;
    private IssuerTestService _service = null!;

    private string JournalFile => Path.Combine(_folder, "run.journal");

    public async ValueTask InitializeAsync() => _service = await IssuerTestService.StartAsync(
        new IssuerServiceScript { Faults = [new IssuerStatusFault("3", 410)] }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_goes_on_where_the_last_one_ended()
    {
        await EnrichAsync(["1", "2", "3"], new());

        List<EnrichmentOutcome> outcomes = await EnrichAsync(["1", "2", "3", "4"], new());

        outcomes.Select(outcome => outcome.Source).Should().Equal(
            EnrichmentSource.Journal, EnrichmentSource.Journal, EnrichmentSource.Journal, EnrichmentSource.Service);
        _service.Statistics.Requests.Should().Be(4);
    }

    [Fact]
    public async Task A_run_may_have_a_name_and_ask_again_for_what_failed()
    {
        string[] issuerIds = ["1", "2", "3"];
        await using ServiceProvider provider = Provide();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        await enricher.Stream(issuerIds, new() { Journal = new() { Run = "2025-06" } }).CountAsync(TestContext.Current.CancellationToken);

        #region journal-run
        EnrichmentRunOptions options = new() { Journal = new() { Run = "2025-06", RetryFailed = true } };
        await foreach (EnrichmentOutcome outcome in enricher.Stream(issuerIds, options))
            Console.WriteLine($"{outcome.IssuerId}: {outcome.Status}, from {outcome.Source}");
        #endregion

        _service.Statistics.RequestsById.Values.Should().BeEquivalentTo([1, 1, 2]);
    }

    [Fact]
    public async Task The_library_works_without_a_container()
    {
        #region journal-without-container
        using IssuerEnricher enricher = IssuerEnricher.Create(new DatedClient(new DateOnly(2025, 6, 30)), journal: new SqliteEnrichmentJournal(JournalFile));
        #endregion

        (await enricher.Stream(["1"]).SingleAsync(TestContext.Current.CancellationToken)).Isins.Should().Equal("2025-06-30");
        File.Exists(JournalFile).Should().BeTrue();
    }

    [Fact]
    public async Task Runs_are_listed_and_the_old_ones_deleted()
    {
        await EnrichAsync(["1", "2"], new() { Journal = new() { Run = "2025-06" } });

        #region journal-runs
        SqliteEnrichmentJournal journal = new(JournalFile);
        foreach (JournaledRun run in await journal.ListRunsAsync())
            Console.WriteLine($"{run.Key.Run}: {run.Verdicts} verdicts, the last one at {run.LastVerdictAt:O}");
        int deleted = await journal.DeleteRunsBeforeAsync(DateTimeOffset.UtcNow.AddDays(-30));
        #endregion

        Console.ToString().Should().StartWith("2025-06: 2 verdicts, the last one at 20");
        deleted.Should().Be(0);
        (await journal.DeleteRunsBeforeAsync(DateTimeOffset.UtcNow.AddDays(1), TestContext.Current.CancellationToken)).Should().Be(1);
    }

    private StringWriter Console { get; } = new();

    private ServiceProvider Provide()
    {
        ServiceCollection services = new();
        Uri serviceAddress = _service.BaseAddress;
        string journalFile = JournalFile;

        #region use-journal
        services.AddIssuerEnrichment(o => o.MaxConcurrency = 8)
                .AddHttpIssuerClient(o => o.BaseAddress = serviceAddress)
                .UseSqliteJournal(journalFile);
        #endregion

        return services.BuildServiceProvider();
    }

    private async Task<List<EnrichmentOutcome>> EnrichAsync(string[] issuerIds, EnrichmentRunOptions options)
    {
        await using ServiceProvider provider = Provide();
        return await provider.GetRequiredService<IIssuerEnricher>()
            .Stream(issuerIds, options with { Ordered = true }).ToListAsync(TestContext.Current.CancellationToken);
    }

    #region request-shape
    private sealed class DatedClient(DateOnly date) : IIssuerClient, IRequestShape
    {
        public string RequestShape => $"ISINs as of {date:O}";

        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
            Task.FromResult(IssuerAnswer.Found([$"{date:O}"]));
    }
    #endregion
}
