using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Polly.Simmy;
using Polly.Simmy.Fault;

namespace IssuerEnrichment.Tests.Policies;

/// <summary>Faults injected around each attempt, as a user would test a program of theirs.</summary>
public sealed class ChaosTests
{
    private readonly LeapingClock _clock = new() { IsLongWait = wait => wait == TimeSpan.FromSeconds(10) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_attempt_in_four_that_fails_costs_no_issuer_its_answer()
    {
        Random chance = new(7);
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(client).AddAttemptPolicy(attempt => attempt.AddChaosFault(new ChaosFaultStrategyOptions
            {
                InjectionRate = 0.25,
                Randomizer = chance.NextDouble,
                FaultGenerator = _ => new ValueTask<Exception?>(new IOException("chaos")),
            })),
            options =>
            {
                options.MaxConcurrency = 1;
                options.Retry.MaxAttempts = 20;
            },
            _clock);

        List<EnrichmentOutcome> outcomes = await RunAsync(source, 300);

        outcomes.Should().HaveCount(300).And.OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId);
        client.Attempts.Should().Be(300);
    }

    [Fact]
    public async Task Attempts_that_all_fail_are_bounded()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        int injected = 0;
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(client).AddAttemptPolicy(attempt => attempt.AddChaosFault(new ChaosFaultStrategyOptions
            {
                InjectionRate = 1,
                FaultGenerator = _ => new ValueTask<Exception?>(new IOException($"chaos {++injected}")),
            })),
            clock: _clock);

        EnrichmentOutcome outcome = (await RunAsync(source, 1)).Single();

        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        injected.Should().Be(5);
    }

    [Fact]
    public async Task A_hanging_chaos_strategy_ends_by_the_attempt_timeout()
    {
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(new EchoIssuerClient())
                .AddAttemptPolicy(attempt => attempt.AddChaosLatency(1, TimeSpan.FromHours(1))),
            options => options.Retry.MaxAttempts = 1,
            _clock);

        (await RunAsync(source, 3)).Should().OnlyContain(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Timeout);
    }

    [Fact]
    public async Task Injected_answers_are_taken_for_the_service_s()
    {
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(new EchoIssuerClient())
                .AddAttemptPolicy(attempt => attempt.AddChaosOutcome(1, () => IssuerAnswer.NotFound)),
            clock: _clock);

        (await RunAsync(source, 3)).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotFound);
    }

    [Fact]
    public async Task An_answer_that_is_none_is_a_fault_and_does_not_mean_that_there_is_no_such_issuer()
    {
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(new EchoIssuerClient())
                .AddAttemptPolicy(attempt => attempt.AddChaosOutcome(1, () => default)),
            clock: _clock);

        (await RunAsync(source, 3)).Should().OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Error!.Kind == EnrichmentErrorKind.Fault);
    }

    private static Task<List<EnrichmentOutcome>> RunAsync(Source source, int count) => source.Enricher
        .Stream(Enumerable.Range(1, count).Select(id => $"{id}")).ToListAsync(Token).AsTask().WithTimeout();
}
