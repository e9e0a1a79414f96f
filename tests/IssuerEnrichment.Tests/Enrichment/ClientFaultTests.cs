using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Enrichment;

/// <summary>A client that breaks its contract costs its own issuer the outcome, and no other.</summary>
public sealed class ClientFaultTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_throws_before_its_first_await_fails_the_issuer()
    {
        EnrichmentOutcome outcome = await EnrichOneAsync(
            new ScriptedIssuerClient((_, _, _) => throw new NotSupportedException("a\nb")));

        outcome.Error.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.Fault && error.Message == "The client threw NotSupportedException: a b.");
        outcome.Error!.Exception.Should().BeOfType<NotSupportedException>();
        outcome.Attempts.Should().Be(1);
    }

    [Fact]
    public async Task A_client_that_returns_no_task_fails_the_issuer() =>
        (await EnrichOneAsync(new ScriptedIssuerClient((_, _, _) => null!)))
            .Error!.Message.Should().Be("The client returned no task.");

    [Fact]
    public async Task A_default_answer_is_no_answer() =>
        (await EnrichOneAsync(new ScriptedIssuerClient(_ => default))).Error!.Message.Should().Be("The client returned no answer.");

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_timeout_of_the_client()
    {
        EnrichmentOutcome outcome = await EnrichOneAsync(new ScriptedIssuerClient(_ => throw new TaskCanceledException()));

        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Timeout);
    }

    [Fact]
    public async Task A_client_that_never_ends_is_left_to_itself_a_second_after_its_timeout()
    {
        TaskCompletionSource asked = new();
        IssuerEnricher enricher = Create((_, _, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource<IssuerAnswer>().Task;
        });
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["1"]).ToListAsync(Token).AsTask();
        await asked.Task.WithTimeout();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        EnrichmentOutcome outcome = (await run).Single();
        outcome.Error.Should().Match<EnrichmentError>(error => error.Kind == EnrichmentErrorKind.Timeout && error.Message == "No answer within 10 s (Timeout.Attempt, or the rest of Timeout.Lookup).");
        outcome.Time.OnTheWire.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task A_client_that_never_ends_does_not_hold_up_a_deadline()
    {
        TaskCompletionSource asked = new();
        IssuerEnricher enricher = Create((_, _, _) =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<IssuerAnswer>().Task;
        });
        Task<List<EnrichmentOutcome>> run = enricher
            .Stream(["1", "2"], new() { Deadline = TimeSpan.FromSeconds(3), MaxConcurrency = 1 }).ToListAsync(Token).AsTask();
        await asked.Task.WithTimeout();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        (await run).Should().HaveCount(2).And.OnlyContain(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
    }

    [Fact]
    public async Task A_client_that_never_ends_does_not_hold_up_a_cancellation()
    {
        TaskCompletionSource asked = new();
        using CancellationTokenSource cancellation = new();
        IssuerEnricher enricher = Create((_, _, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource<IssuerAnswer>().Task;
        });
        Task run = enricher.Stream(["1"]).ToListAsync(cancellation.Token).AsTask();
        await asked.Task.WithTimeout();
        await cancellation.CancelAsync();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        await run.Awaiting(run => run).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task An_answer_that_comes_just_after_the_timeout_still_counts()
    {
        TaskCompletionSource<IssuerAnswer> answer = new();
        TaskCompletionSource asked = new();
        IssuerEnricher enricher = Create((_, _, _) =>
        {
            asked.SetResult();
            return answer.Task;
        });
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["1"]).ToListAsync(Token).AsTask();
        await asked.Task.WithTimeout();

        _clock.Advance(TimeSpan.FromSeconds(10));
        answer.SetResult(IssuerAnswer.Found([]));

        (await run.WithTimeout()).Single().Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Theory]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    [InlineData(EnrichmentStrategyName.Sequential)]
    public async Task Blocking_clients_that_throw_or_never_end_are_no_different(string strategy)
    {
        using ManualResetEventSlim never = new();
        using ManualResetEventSlim stuck = new();
        BlockingIssuerClient client = new((id, _) =>
        {
            if (id == "throws")
                throw new NotSupportedException();
            if (id == "hangs")
            {
                stuck.Set();
                never.Wait(CancellationToken.None);
            }

            return id == "default" ? default : IssuerAnswer.Found([id]);
        });
        await using Source source = Source.Of(
            builder =>
            {
                builder.Services.AddSingleton(client);
                builder.AddBlockingIssuerClient<BlockingIssuerClient>();
            },
            options =>
            {
                options.Strategy = strategy;
                options.Retry.MaxAttempts = 1;
            },
            _clock);
        Task<List<EnrichmentOutcome>> run = source.Enricher
            .Stream(["throws", "default", "fine", "hangs"], new() { Ordered = true }).ToListAsync(Token).AsTask();
        await Task.Run(() => stuck.Wait(Token), Token).WithTimeout();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);
        never.Set();

        (await run).Select(outcome => outcome.Error?.Kind).Should().Equal(
            EnrichmentErrorKind.Fault, EnrichmentErrorKind.Fault, null, EnrichmentErrorKind.Timeout);
    }

    [Fact]
    public async Task A_classifier_that_throws_fails_its_issuers_and_the_run_ends()
    {
        await using Source source = Source.Of(builder =>
        {
            builder.Services.AddSingleton<IIssuerTypeClassifier, BrokenClassifier>();
            builder.AddIssuerClient(new EchoIssuerClient());
        });

        List<EnrichmentOutcome> outcomes = await source.Enricher.Stream(["1", "2"]).ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().HaveCount(2).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Error!.Kind == EnrichmentErrorKind.Fault && outcome.Isins == null);
    }

    private IssuerEnricher Create(Func<string, int, CancellationToken, Task<IssuerAnswer>> script) =>
        IssuerEnricher.Create(new ScriptedIssuerClient(script), new() { Retry = new() { MaxAttempts = 1 } }, _clock);

    private static async Task<EnrichmentOutcome> EnrichOneAsync(IIssuerClient client) =>
        (await IssuerEnricher.Create(client, new() { Retry = new() { BaseDelay = TimeSpan.Zero } })
            .Stream(["1"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

    private sealed class BrokenClassifier : IIssuerTypeClassifier
    {
        public IssuerTypeDecision Classify(in IssuerTypeEvidence evidence) => throw new NotSupportedException();
    }
}
