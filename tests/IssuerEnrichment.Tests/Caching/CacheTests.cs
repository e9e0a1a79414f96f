using System.Buffers;
using System.Text;
using System.Text.Json;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Journal;
using Polly;
using Polly.Fallback;

namespace IssuerEnrichment.Tests.Caching;

/// <summary>What is answered from the cache, for how long, and whose answers these are.</summary>
public sealed class CacheTests
{
    private static readonly AnswerProvenance Provenance = new("A register")
    {
        RetrievedAt = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
        DataDate = new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero),
        IsComplete = true,
        Facts = new Dictionary<string, string> { ["name"] = "Zürich" },
    };

    private readonly ScriptedIssuerClient _client = new(id => id switch
    {
        "unknown" => IssuerAnswer.NotFound,
        "fails" => throw ServiceFailure.Permanent(),
        _ => IssuerAnswer.Found([id, "XS0011000030"]) with { Provenance = Provenance },
    });

    [Fact]
    public async Task What_was_answered_before_costs_no_request()
    {
        await using CachedSource source = new(_client);
        await source.BeginAsync(["1", "unknown"], new() { MarketSectors = ["Sovereign"] }).WithTimeout();

        List<EnrichmentOutcome> outcomes = await source.EnrichAsync("1", "unknown", "2", "1");

        outcomes.Select(outcome => outcome.Source).Should().Equal(
            EnrichmentSource.Cache, EnrichmentSource.Cache, EnrichmentSource.Service, EnrichmentSource.Cache);
        outcomes.Select(outcome => outcome.Status).Should().Equal(
            EnrichmentStatus.Enriched, EnrichmentStatus.NotFound, EnrichmentStatus.Enriched, EnrichmentStatus.Enriched);
        outcomes[0].Should().Match<EnrichmentOutcome>(outcome => outcome.Attempts == 0 && outcome.Requests == 0 && outcome.Provenance == Provenance);
        outcomes[0].Isins.Should().Equal("1", "XS0011000030");
        outcomes[0].MalformedIsins.Should().Equal("1");
        outcomes[0].Type.Should().Be(IssuerType.Corporate, "the type follows from the sectors of the run that asks");
        outcomes[3].IsShared.Should().BeTrue();
        _client.Attempts.Should().Be(3);
    }

    [Fact]
    public async Task The_report_counts_what_was_asked_of_the_service()
    {
        await using CachedSource source = new(_client);
        await source.EnrichAsync("1", "unknown");

        EnrichmentReport report = await source.ReportAsync("1", "unknown", "2");

        report.Should().Match<EnrichmentReport>(report =>
            report.IsBalanced && report.Enriched == 2 && report.NotFound == 1 && report.Lookups == 1 && report.Requests == 1);
    }

    [Theory]
    [InlineData("1", 24 * 60)]
    [InlineData("unknown", 60)]
    public async Task Answers_live_for_a_day_and_that_there_is_none_for_an_hour(string id, int minutes)
    {
        await using CachedSource source = new(_client);
        await source.EnrichAsync(id);

        source.Clock.Advance(TimeSpan.FromMinutes(minutes - 1));
        await source.EnrichAsync(id);
        _client.Attempts.Should().Be(1);

        source.Clock.Advance(TimeSpan.FromMinutes(2));
        await source.EnrichAsync(id);
        _client.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task Lifetimes_are_options_and_none_keeps_nothing()
    {
        await using CachedSource source = new(_client, options => (options.Lifetime, options.NegativeLifetime) = (TimeSpan.FromMinutes(5), TimeSpan.Zero));
        await source.EnrichAsync("1", "unknown");

        (await source.EnrichAsync("1", "unknown")).Select(outcome => outcome.Source).Should().Equal(EnrichmentSource.Cache, EnrichmentSource.Service);

        source.Clock.Advance(TimeSpan.FromMinutes(6));
        (await source.EnrichAsync("1")).Single().Source.Should().Be(EnrichmentSource.Service);
    }

    [Fact]
    public async Task Errors_are_never_kept()
    {
        await using CachedSource source = new(_client);

        await source.EnrichAsync("fails");
        (await source.EnrichAsync("fails")).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Attempts == 1 && outcome.Source == EnrichmentSource.None);

        _client.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task Another_process_finds_the_answer_outside_and_as_it_was()
    {
        OutsideCache outside = new();
        await using (CachedSource first = new(_client, outside: outside))
            await first.EnrichAsync("1", "unknown");
        await using CachedSource second = new(_client, outside: outside);

        List<EnrichmentOutcome> outcomes = await second.EnrichAsync("1", "unknown");

        outcomes.Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Cache);
        outcomes[0].Isins.Should().Equal("1", "XS0011000030");
        outcomes[0].Provenance.Should().BeEquivalentTo(Provenance);
        outcomes[1].Status.Should().Be(EnrichmentStatus.NotFound);
        _client.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task An_answer_that_is_found_outside_lives_no_longer_for_it()
    {
        OutsideCache outside = new();
        await using (CachedSource first = new(_client, outside: outside))
            await first.EnrichAsync("unknown");
        await using CachedSource second = new(_client, outside: outside);
        second.Clock.Advance(TimeSpan.FromMinutes(50));
        await second.EnrichAsync("unknown");
        outside.Entries.Clear();

        second.Clock.Advance(TimeSpan.FromMinutes(11));

        (await second.EnrichAsync("unknown")).Single().Source.Should().Be(EnrichmentSource.Service);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Isins":["1"],"Provenance":{"Source":null,"RetrievedAt":"2026-01-01T00:00:00Z"}}""")]
    public void An_entry_of_another_shape_is_no_answer(string json) => FluentActions
        .Invoking(() => new CachedAnswerSerializer().Deserialize(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json))))
        .Should().Throw<JsonException>();

    [Fact]
    public async Task An_answer_to_another_question_is_no_answer()
    {
        OutsideCache outside = new();
        await using CachedSource may = new(new DatedClient("May"), outside: outside);
        await using CachedSource june = new(new DatedClient("June"), outside: outside);
        await may.EnrichAsync("1");

        (await june.EnrichAsync("1")).Single().Isins.Should().Equal("June");

        outside.Entries.Should().HaveCount(2);
    }

    [Fact]
    public async Task An_id_too_long_for_a_key_is_asked_for_each_time()
    {
        await using CachedSource source = new(_client);
        string fits = new('x', 512);

        await source.EnrichAsync(fits, fits + "y");
        (await source.EnrichAsync(fits, fits + "y")).Select(outcome => outcome.Source).Should().Equal(EnrichmentSource.Cache, EnrichmentSource.Service);
    }

    [Fact]
    public async Task All_answers_of_a_source_can_be_thrown_away_by_their_tag()
    {
        await using CachedSource source = new(_client);
        await source.EnrichAsync("1");
        source.Clock.Advance(TimeSpan.FromSeconds(1));

        await source.Cache.RemoveByTagAsync("IssuerEnrichment", TestContext.Current.CancellationToken);
        source.Clock.Advance(TimeSpan.FromSeconds(1));

        (await source.EnrichAsync("1")).Single().Source.Should().Be(EnrichmentSource.Service);
    }

    [Fact]
    public async Task The_journal_is_looked_into_first_and_told_what_the_cache_answers()
    {
        InMemoryJournal journal = new();
        await using CachedSource source = new(builder => builder.AddIssuerClient(_client).UseJournal(_ => journal));
        await source.BeginAsync(["1"], new() { Journal = new() { Run = "May" } }).WithTimeout();

        List<EnrichmentOutcome> june = await source.BeginAsync(["1"], new() { Journal = new() { Run = "June" } }).WithTimeout();
        List<EnrichmentOutcome> again = await source.BeginAsync(["1"], new() { Journal = new() { Run = "June" } }).WithTimeout();

        june.Single().Source.Should().Be(EnrichmentSource.Cache);
        again.Single().Source.Should().Be(EnrichmentSource.Journal);
        again.Single().Isins.Should().Equal("1", "XS0011000030");
        _client.Attempts.Should().Be(1);
    }

    [Fact]
    public async Task What_a_lookup_policy_makes_up_is_not_kept()
    {
        await using CachedSource source = new(builder => builder.AddIssuerClient(_client).AddLookupPolicy(policy => policy.AddFallback(
            new FallbackStrategyOptions<IssuerAnswer>
            {
                ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is not null),
                FallbackAction = _ => Outcome.FromResultAsValueTask(IssuerAnswer.Found(["US0378331005"])),
            })));

        await source.EnrichAsync("fails");
        (await source.EnrichAsync("fails")).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Source == EnrichmentSource.Service);

        _client.Attempts.Should().Be(2);
    }

    private sealed class DatedClient(string date) : IIssuerClient, IRequestShape
    {
        public string RequestShape => $"issuers as of {date}";

        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) => Task.FromResult(IssuerAnswer.Found([date]));
    }
}
