using System.Globalization;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using NSubstitute;

namespace IssuerEnrichment.Tests.Batching;

/// <summary>A batch that fails: who fails with it, and how many requests that takes.</summary>
public sealed class BatchFailureTests
{
    private readonly LeapingClock _clock = new() { IsLongWait = wait => wait > TimeSpan.FromSeconds(10) };

    // With a wait that never ends, batches are those of whoever can come.
    private readonly IssuerEnrichmentOptions _options = new()
    {
        MaxConcurrency = 1,
        Batch = new() { MaxWait = TimeSpan.FromMinutes(1) },
        Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(57)]
    [InlineData(100)]
    public async Task A_bad_issuer_fails_alone_after_about_log2_requests(int bad)
    {
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(id => id == Id(bad));
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(100));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Single(outcome => outcome.Status == EnrichmentStatus.Failed).Should().Match<EnrichmentOutcome>(outcome =>
            outcome.IssuerId == Id(bad) && outcome.Error!.HttpStatus == 400 && outcome.Attempts == 1);
        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Enriched).Should().Be(99);
        client.Requests.Count.Should().BeInRange(1 + (2 * 6), 1 + (2 * 7));
        run.Report.Requests.Should().Be(client.Requests.Count);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(null)]
    public async Task A_batch_that_fails_for_its_content_is_split(int? status)
    {
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(
            id => id == "3", () => status is { } code ? ScriptedBatchClient.Status(code) : new NotSupportedException());

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 8);

        outcomes.Single(outcome => outcome.Status == EnrichmentStatus.Failed).IssuerId.Should().Be("3");
        client.Requests.Count.Should().BeLessThanOrEqualTo(1 + (2 * 3));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Denied_access_is_nobody_s_fault_and_a_verdict_on_none(int status)
    {
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(_ => true, () => ScriptedBatchClient.Status(status));

        (await RunAsync(client, 100)).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.HttpStatus == status);

        client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task A_service_that_denies_all_access_is_given_up_soon()
    {
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(_ => true);

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 2_000);

        outcomes.Should().HaveCount(2_000).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Failed && outcome.Error!.HttpStatus == 400);
        client.Requests.Count.Should().BeLessThanOrEqualTo(20 + 200);
        outcomes.Where(outcome => outcome.Error!.Message.Contains("Batch.BisectionBudget", StringComparison.Ordinal)).Should().HaveCountGreaterThan(1_800);
        outcomes.Should().Contain(outcome => !outcome.Error!.Message.Contains("Batch.BisectionBudget", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_bad_issuer_in_twenty_is_found_throughout_a_run()
    {
        Func<string, bool> isBad = id => int.Parse(id, CultureInfo.InvariantCulture) % 20 == 0;
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(isBad);
        _options.MaxConcurrency = 8;

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 5_000);

        outcomes.Should().HaveCount(5_000);
        outcomes.Where(outcome => outcome.Status == EnrichmentStatus.Failed).Should().HaveCount(250).And.OnlyContain(outcome => isBad(outcome.IssuerId!));
        client.Requests.Count.Should().BeLessThan(3_500);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_lowers_the_batch_size()
    {
        ScriptedBatchClient client = new(ids => ids.Length > 10 ? throw ScriptedBatchClient.Status(413) : ScriptedBatchClient.Echo(ids));
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);

        (await RunAsync(enricher.Stream(Ids(300)))).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        client.Sizes.Where(size => size > 10).Should().Equal(100, 50, 25, 12);

        (await RunAsync(enricher.Stream(Ids(300)))).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        client.Sizes.Count(size => size > 10).Should().Be(4);
    }

    [Fact]
    public async Task A_throttled_batch_is_not_split()
    {
        int asked = 0;
        ScriptedBatchClient client = new(ids => ++asked <= 2 ? throw ServiceFailure.Throttled(TimeSpan.FromSeconds(3)) : ScriptedBatchClient.Echo(ids));
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(100));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        client.Sizes.Should().Equal(100, 100, 100);
        outcomes.Should().OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Time.Gate >= TimeSpan.FromSeconds(3) && outcome.Time.Total >= TimeSpan.FromSeconds(6));
        run.Report.Requests.Should().Be(3);
    }

    [Fact]
    public async Task Members_of_a_failed_batch_are_retried_in_quarters()
    {
        int asked = 0;
        ScriptedBatchClient client = new(ids => ++asked == 1 ? throw ServiceFailure.Transient() : ScriptedBatchClient.Echo(ids));

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 100);

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 2);
        client.Sizes.First().Should().Be(100);
        client.Sizes.Skip(1).Should().OnlyContain(size => size <= 25);
        client.Requests.Count.Should().BeLessThan(20, "a request that failed does not come back as a hundred");
    }

    [Fact]
    public async Task An_issuer_at_which_the_service_breaks_fails_alone_too()
    {
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(id => id == "42", () => ServiceFailure.Transient());

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 100);

        outcomes.Single(outcome => outcome.Status == EnrichmentStatus.Failed).IssuerId.Should().Be("42");
        client.Requests.Count.Should().BeLessThan(40);
    }

    [Fact]
    public async Task An_outage_costs_no_issuer_its_answer()
    {
        _options.MaxConcurrency = 4;
        _options.Batch.MaxSize = 50;
        DateTimeOffset upAgain = _clock.GetUtcNow() + TimeSpan.FromSeconds(60);
        ScriptedBatchClient client = new(ids => _clock.GetUtcNow() < upAgain ? throw ServiceFailure.Transient() : ScriptedBatchClient.Echo(ids));

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 2_000);

        outcomes.Should().HaveCount(2_000).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        client.Requests.Count.Should().BeLessThan(200);
    }

    [Fact]
    public async Task Every_request_is_paced_those_that_take_a_batch_apart_too()
    {
        _options.RateLimit = RateLimit.PerSecond(1);
        ScriptedBatchClient client = ScriptedBatchClient.Refusing(id => id == "3");
        DateTimeOffset startedAt = _clock.GetUtcNow();

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 8);

        client.Requests.Should().HaveCount(7);
        (_clock.GetUtcNow() - startedAt).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(6));
        outcomes.Single(outcome => outcome.IssuerId == "3").Time.Paced.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(true, "The client returned no task.")]
    [InlineData(false, "The client returned no answers.")]
    public async Task A_client_that_breaks_its_contract_fails_each_issuer(bool noTask, string message)
    {
        IIssuerBatchClient client = Substitute.For<IIssuerBatchClient>();
        client.GetIsinsAsync(null!, Token)
            .ReturnsForAnyArgs(noTask ? null! : Task.FromResult<IReadOnlyDictionary<string, IssuerAnswer>>(null!));

        List<EnrichmentOutcome> outcomes = await RunAsync(client, 3);

        outcomes.Should().HaveCount(3).And.OnlyContain(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Fault && outcome.Error.Message == message);
    }

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(Id);

    private static Task<List<EnrichmentOutcome>> RunAsync(IEnrichmentRun run) => run.ToListAsync(Token).AsTask().WithTimeout();

    private Task<List<EnrichmentOutcome>> RunAsync(IIssuerBatchClient client, int count) =>
        RunAsync(IssuerEnricher.Create(client, _options, _clock).Stream(Ids(count)));
}
