using System.Threading.RateLimiting;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace IssuerEnrichment.Tests.Policies;

public sealed class TimeoutTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cancelled_and_tried_again()
    {
        GatedIssuerClient client = new();
        IssuerEnricher enricher = IssuerEnricher.Create(client, new() { Retry = new() { MaxAttempts = 2, BaseDelay = TimeSpan.Zero } }, _clock);
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["1"]).ToListAsync(Token).AsTask();

        await client.ReachAskedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await client.ReachAskedAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(10));

        EnrichmentOutcome outcome = (await run.WithTimeout()).Single();
        outcome.Error.Should().Match<EnrichmentError>(error => error.Kind == EnrichmentErrorKind.Timeout && error.Message == "No answer within 10 s (Timeout.Attempt, or the rest of Timeout.Lookup).");
        outcome.Attempts.Should().Be(2);
        outcome.Time.OnTheWire.Should().Be(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task All_attempts_of_a_lookup_share_the_time_of_the_lookup()
    {
        GatedIssuerClient client = new();
        IssuerEnricher enricher = IssuerEnricher.Create(
            client,
            new()
            {
                Retry = new() { MaxAttempts = 100, BaseDelay = TimeSpan.Zero },
                Timeout = new() { Attempt = TimeSpan.FromSeconds(10), Lookup = TimeSpan.FromSeconds(25) },
            },
            _clock);
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["1"]).ToListAsync(Token).AsTask();

        await client.ReachAskedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await client.ReachAskedAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await client.ReachAskedAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(5));

        EnrichmentOutcome outcome = (await run.WithTimeout()).Single();
        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Attempts.Should().Be(3);
        outcome.Time.OnTheWire.Should().Be(TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task The_wait_for_a_permit_does_not_count_against_the_attempt_timeout()
    {
        LeapingClock clock = new() { IsLongWait = wait => wait == TimeSpan.FromSeconds(10) };
        IssuerEnricher enricher = IssuerEnricher.Create(
            new EchoIssuerClient(), new() { MaxConcurrency = 1, RateLimit = RateLimit.Of(1, TimeSpan.FromSeconds(60)) }, clock);
        IEnrichmentRun run = enricher.Stream(["1", "2", "3"]);

        List<EnrichmentOutcome> outcomes = await run.ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 1 && outcome.Time.OnTheWire == TimeSpan.Zero);
        run.Report.Time.Paced.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(120));
        run.Report.LimitedBy.Should().Be(RunLimit.Rate);
    }

    [Fact]
    public async Task Every_attempt_takes_a_permit()
    {
        LeapingClock clock = new();
        List<DateTimeOffset> asked = [];
        ScriptedIssuerClient client = new((id, attempt) =>
        {
            asked.Add(clock.GetUtcNow());
            return attempt < 4 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]);
        });
        IssuerEnricher enricher = IssuerEnricher.Create(
            client,
            new()
            {
                MaxConcurrency = 1,
                RateLimit = RateLimit.Of(1, TimeSpan.FromSeconds(30)),
                Retry = new() { BaseDelay = TimeSpan.Zero },
                Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) },
            },
            clock);

        EnrichmentOutcome outcome = (await enricher.Stream(["1"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        asked.Zip(asked.Skip(1), (first, second) => second - first).Should().HaveCount(3)
            .And.OnlyContain(gap => gap >= TimeSpan.FromSeconds(30));
        outcome.Time.Paced.Should().Be(asked[^1] - asked[0]);
        outcome.Time.Backoff.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_deadline_that_comes_before_the_pace_ends_a_lookup_at_once()
    {
        IssuerEnricher enricher = IssuerEnricher.Create(
            new EchoIssuerClient(), new() { MaxConcurrency = 1, RateLimit = RateLimit.Of(1, TimeSpan.FromSeconds(60)) }, _clock);

        List<EnrichmentOutcome> outcomes = await enricher
            .Stream(["1", "2"], new() { Deadline = TimeSpan.FromSeconds(20) }).ToListAsync(Token).AsTask().WithTimeout();

        outcomes[0].Status.Should().Be(EnrichmentStatus.Enriched);
        outcomes[1].Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline && outcome.Attempts == 0);
        outcomes[1].Error!.Message.Should().MatchRegex(@"available in 6\d(\.\d)? s,");
    }

    [Fact]
    public async Task A_deadline_ends_a_wait_for_a_limiter_of_the_user_s_own()
    {
        using ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 1 });
        using RateLimitLease taken = limiter.AttemptAcquire();
        await using Source source = Source.Of(builder => builder.AddIssuerClient(new EchoIssuerClient()).UseRateLimiter(_ => limiter), clock: _clock);
        IEnrichmentRun run = source.Enricher.Stream(["1"], new() { Deadline = TimeSpan.FromSeconds(20) });
        Task<List<EnrichmentOutcome>> outcomes = run.ToListAsync(Token).AsTask();
        await ReachQueueAsync().WithTimeout();

        _clock.Advance(TimeSpan.FromSeconds(20));

        (await outcomes.WithTimeout()).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline && outcome.Attempts == 0);
        run.Report.LimitedBy.Should().Be(RunLimit.Rate);

        async Task ReachQueueAsync()
        {
            while (limiter.GetStatistics()!.CurrentQueuedCount == 0)
                await Task.Yield();
        }
    }

    [Fact]
    public async Task A_first_attempt_is_cut_short_once_the_service_is_known_and_later_ones_are_not()
    {
        GatedIssuerClient slow = new();
        IIssuerClient client = Substitute.For<IIssuerClient>();
        client.GetIsinsAsync(Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(IssuerAnswer.Found([]));
        client.GetIsinsAsync("slow", Arg.Any<CancellationToken>()).Returns(call => slow.GetIsinsAsync("slow", call.Arg<CancellationToken>()));
        IssuerEnricher enricher = IssuerEnricher.Create(client, new() { Retry = new() { MaxAttempts = 2, BaseDelay = TimeSpan.Zero } }, _clock);
        await enricher.Stream(Enumerable.Range(0, 100).Select(id => $"{id}")).ToListAsync(Token).AsTask().WithTimeout();
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["slow"]).ToListAsync(Token).AsTask();

        await slow.ReachAskedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await enricher.Stream(["later"]).ToListAsync(Token).AsTask().WithTimeout();
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await slow.ReachAskedAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        slow.Open();

        EnrichmentOutcome outcome = (await run.WithTimeout()).Single();
        (outcome.Status, outcome.Attempts).Should().Be((EnrichmentStatus.Enriched, 2));
        outcome.Time.OnTheWire.Should().Be(TimeSpan.FromSeconds(10.9));
    }

    [Fact]
    public async Task A_limiter_of_the_user_s_own_is_asked_for_every_attempt_and_given_its_permits_back()
    {
        using ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 100 });
        GatedIssuerClient client = new();
        client.Open();
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(client).UseRateLimiter(_ => limiter), options => options.MaxConcurrency = 8);

        List<EnrichmentOutcome> outcomes = await source.Enricher.Stream(Enumerable.Range(0, 50).Select(id => $"{id}")).ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        client.MostInFlight.Should().Be(1);
        limiter.GetStatistics()!.TotalSuccessfulLeases.Should().Be(50);
    }
}
