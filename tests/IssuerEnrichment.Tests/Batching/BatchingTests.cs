using System.Globalization;
using System.Threading.Channels;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Batching;

/// <summary>Which lookups go together in one request, and what each of them gets.</summary>
public sealed class BatchingTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly IssuerEnrichmentOptions _options = new() { Batch = new() { MaxSize = 10 } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_full_batches_and_the_rest_when_nobody_else_can_come()
    {
        ScriptedBatchClient client = new();

        List<EnrichmentOutcome> outcomes = await RunAsync(client, Ids(25)).WithTimeout();

        outcomes.Should().HaveCount(25).And.OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId && outcome.Attempts == 1);
        client.Sizes.Should().BeEquivalentTo([10, 10, 5]);
    }

    [Fact]
    public async Task A_batch_waits_no_longer_than_the_maximum()
    {
        Channel<string> ids = Channel.CreateUnbounded<string>();
        ScriptedBatchClient client = new();
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, _options, _clock)
            .Stream(ids.Reader.ReadAllAsync(Token)).ToListAsync(Token).AsTask();
        foreach (string id in Ids(3))
            ids.Writer.TryWrite(id);

        await _clock.AdvanceUntilAsync(() => !client.Requests.IsEmpty);
        ids.Writer.Complete();

        List<EnrichmentOutcome> outcomes = await run.WithTimeout();
        outcomes.Should().HaveCount(3).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        outcomes.Max(outcome => outcome.Time.Queued).Should().BeGreaterThanOrEqualTo(_options.Batch.MaxWait);
    }

    [Fact]
    public async Task A_batch_does_not_wait_if_MaxWait_is_zero()
    {
        _options.Batch.MaxWait = TimeSpan.Zero;
        ScriptedBatchClient client = new();

        List<EnrichmentOutcome> outcomes = await RunAsync(client, Ids(25)).WithTimeout();

        outcomes.Should().HaveCount(25);
        client.Sizes.Sum().Should().Be(25);
    }

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential, 1)]
    [InlineData(EnrichmentStrategyName.ThreadPool, 4)]
    [InlineData(EnrichmentStrategyName.Async, 10)]
    public async Task A_batch_does_not_wait_if_no_other_lookup_can_join(string strategy, int size)
    {
        _options.Strategy = strategy;
        _options.MaxConcurrency = 4;
        ScriptedBatchClient client = new();

        List<EnrichmentOutcome> outcomes = await RunAsync(client, Ids(40)).WithTimeout();

        outcomes.Should().HaveCount(40);
        client.Sizes.Should().HaveCount(40 / size).And.OnlyContain(sent => sent == size, "the clock stands still");
    }

    [Fact]
    public async Task Holds_no_more_lookups_than_are_read_ahead()
    {
        _options.Batch.MaxSize = 100;
        _options.Bounds.ReadAhead = 16;
        ScriptedBatchClient client = new();

        Task<List<EnrichmentOutcome>> run = RunAsync(client, Ids(64));

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        (await run).Should().HaveCount(64);
        client.Sizes.Should().OnlyContain(size => size <= 16);
        client.Sizes.Sum().Should().Be(64);
    }

    [Fact]
    public async Task Has_no_more_requests_under_way_than_allowed_and_fills_those_that_wait()
    {
        _options.MaxConcurrency = 2;
        TaskCompletionSource gate = new();
        TaskCompletionSource full = new();
        int asked = 0;
        ScriptedBatchClient client = new(async (ids, _) =>
        {
            if (Interlocked.Increment(ref asked) == 2)
                full.SetResult();
            await gate.Task;
            return ScriptedBatchClient.Echo(ids);
        });
        Task<List<EnrichmentOutcome>> run = RunAsync(client, Ids(60));
        await full.Task.WithTimeout();
        gate.SetResult();

        (await run.WithTimeout()).Should().HaveCount(60);
        client.MostInFlight.Should().Be(2);
        client.Sizes.Should().Equal(10, 10, 10, 10, 10, 10);
    }

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential)]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    public async Task Gives_one_outcome_for_each_input_in_order_and_counts_each_request_once(string strategy)
    {
        _options.Strategy = strategy;
        ScriptedBatchClient client = new(ids => ids.ToDictionary(id => id, id => id == "7" ? IssuerAnswer.NotFound : IssuerAnswer.Found([id])));
        Func<string?, EnrichmentStatus> expected = id =>
            string.IsNullOrWhiteSpace(id) ? EnrichmentStatus.Invalid : id == "7" ? EnrichmentStatus.NotFound : EnrichmentStatus.Enriched;
        string?[] ids = [.. Ids(57), null, "7", "3", "  "];
        IEnrichmentRun stream = IssuerEnricher.Create(client, _options, _clock).Stream(ids, new() { Ordered = true });

        List<EnrichmentOutcome> outcomes = await stream.ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Select(outcome => outcome.IssuerId).Should().Equal(ids);
        outcomes.Should().OnlyContain(outcome => outcome.Status == expected(outcome.IssuerId));
        client.Requests.SelectMany(sent => sent).Should().OnlyHaveUniqueItems();
        outcomes.Where(outcome => !outcome.IsShared).Sum(outcome => outcome.Requests).Should().Be(client.Requests.Count);
        stream.Report.Should().Match<EnrichmentReport>(report => report.IsBalanced && report.Lookups == 57 && report.Retries == 0);
        stream.Report.Requests.Should().Be(client.Requests.Count);
    }

    [Fact]
    public async Task An_issuer_that_the_answer_leaves_out_fails_alone_and_what_nobody_asked_for_is_ignored()
    {
        ScriptedBatchClient client = new(ids => ids.Append("x").Where(id => id != "2").ToDictionary(id => id, id => id == "5" ? default : IssuerAnswer.Found([id])));

        List<EnrichmentOutcome> outcomes = await RunAsync(client, Ids(10)).WithTimeout();

        outcomes.Should().HaveCount(10);
        outcomes.Where(outcome => outcome.Status != EnrichmentStatus.Enriched).Should().HaveCount(2).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Error!.Kind == EnrichmentErrorKind.UnexpectedAnswer && outcome.Attempts == 1);
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task The_time_on_the_wire_is_that_of_every_member()
    {
        ScriptedBatchClient client = new((ids, _) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(ScriptedBatchClient.Echo(ids));
        });

        List<EnrichmentOutcome> outcomes = await RunAsync(client, Ids(10)).WithTimeout();

        outcomes.Should().OnlyContain(outcome => outcome.Time.OnTheWire == TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_batch_client_is_registered_like_any_other_and_may_reject_ids()
    {
        await using Source source = Source.Of(builder => builder.AddIssuerBatchClient<Choosy>());
        await using Source another = Source.Of(builder => builder.AddIssuerBatchClient(new Choosy()));

        foreach (IIssuerEnricher enricher in new[] { source.Enricher, another.Enricher })
        {
            (await enricher.Stream(["1", "bad"], new() { Ordered = true }).ToListAsync(Token).AsTask().WithTimeout())
                .Select(outcome => outcome.Status).Should().Equal(EnrichmentStatus.Enriched, EnrichmentStatus.Invalid);
        }
    }

    [Fact]
    public async Task Runs_share_no_batch()
    {
        ScriptedBatchClient client = new();
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);
        Task<List<EnrichmentOutcome>>[] runs = [.. Enumerable.Range(0, 4).Select(_ => enricher.Stream(["1"]).ToListAsync(Token).AsTask())];

        await Task.WhenAll(runs).WithTimeout();

        client.Sizes.Should().Equal(1, 1, 1, 1);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture));

    private Task<List<EnrichmentOutcome>> RunAsync(IIssuerBatchClient client, IEnumerable<string> ids) =>
        IssuerEnricher.Create(client, _options, _clock).Stream(ids).ToListAsync(Token).AsTask();

    internal sealed class Choosy : IIssuerBatchClient, IIssuerIdValidator
    {
        public string? Refuse(string issuerId) => issuerId == "bad" ? "The id is bad." : null;

        public Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken) =>
            Task.FromResult(ScriptedBatchClient.Echo([.. issuerIds]));
    }
}
