using System.Threading.Channels;
using System.Threading.RateLimiting;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Timeout;

namespace IssuerEnrichment.Tests.Batching;

/// <summary>Members that leave their batch, and batches that end with their run.</summary>
public sealed class BatchCancellationTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScriptedBatchClient _client;
    private readonly TaskCompletionSource _allHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _requestToken;
    private int _attempts;

    public BatchCancellationTests() => _client = new(async (ids, cancellationToken) =>
    {
        _requestToken = cancellationToken;
        _asked.TrySetResult();
        await _answer.Task.WaitAsync(cancellationToken);
        return ScriptedBatchClient.Echo(ids);
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_leaves_takes_nobody_with_it()
    {
        await using Source source = SourceOf(leaves: id => id == "2");
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(["1", "2", "3"]).ToListAsync(Token).AsTask();
        await _asked.Task.WithTimeout();

        _clock.Advance(TimeSpan.FromSeconds(1));
        await _left.Task.WithTimeout();
        _requestToken.IsCancellationRequested.Should().BeFalse();
        _answer.SetResult();

        (await run.WithTimeout()).OrderBy(outcome => outcome.Position).Select(outcome => outcome.Error?.Kind)
            .Should().Equal(null, EnrichmentErrorKind.Timeout, null);
        _client.Requests.First().Should().BeEquivalentTo("1", "2", "3");
        _client.Requests.Skip(1).Should().OnlyContain(ids => ids.Length == 1, "one that was answered may show that the service is up");
    }

    [Fact]
    public async Task When_all_have_left_the_request_ends()
    {
        await using Source source = SourceOf(leaves: _ => true);
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(["1", "2", "3"]).ToListAsync(Token).AsTask();
        await _asked.Task.WithTimeout();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        _requestToken.IsCancellationRequested.Should().BeTrue();
        (await run).Should().HaveCount(3).And.OnlyContain(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Timeout && outcome.Attempts == 1);
    }

    [Fact]
    public async Task A_member_that_leaves_before_its_batch_is_sent_is_not_asked_for()
    {
        await using Source source = SourceOf(leaves: id => id == "2");
        Channel<string> ids = Channel.CreateUnbounded<string>();
        foreach (string id in new[] { "1", "2", "3" })
            ids.Writer.TryWrite(id);
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(ids.Reader.ReadAllAsync(Token)).ToListAsync(Token).AsTask();
        await _allHere.Task.WithTimeout();
        await _clock.AdvanceUntilAsync(() => _asked.Task.IsCompleted);
        _answer.SetResult();
        ids.Writer.Complete();

        EnrichmentOutcome left = (await run.WithTimeout()).Single(outcome => outcome.IssuerId == "2");

        _client.Requests.First().Should().BeEquivalentTo("1", "3");
        left.Attempts.Should().Be(0);
        left.Time.Queued.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_cancelled_run_ends_after_its_requests_have()
    {
        TaskCompletionSource ended = new();
        using CancellationTokenSource cancellation = new();
        ScriptedBatchClient client = new(async (_, cancellationToken) =>
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(() => _asked.TrySetResult());
            cancellation.CancelAfter(TimeSpan.Zero);
            await ended.Task;
            throw new OperationCanceledException(cancellationToken);
        });
        Task run = IssuerEnricher.Create(client, Options(), _clock).Stream(["1", "2"]).ToListAsync(cancellation.Token).AsTask();
        await _asked.Task.WithTimeout();

        run.IsCompleted.Should().BeFalse();
        ended.SetResult();

        await run.Invoking(run => run.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_client_that_heeds_no_cancellation_does_not_hold_up_a_deadline()
    {
        ScriptedBatchClient client = new((_, _) =>
        {
            _asked.TrySetResult();
            return new TaskCompletionSource<IReadOnlyDictionary<string, IssuerAnswer>>().Task;
        });
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, Options(), _clock)
            .Stream(["1", "2", "3"], new() { Deadline = TimeSpan.FromSeconds(3) }).ToListAsync(Token).AsTask();
        await _asked.Task.WithTimeout();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        (await run).Should().HaveCount(3).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_a_failed_attempt_of_each_member()
    {
        IssuerEnrichmentOptions options = Options();
        options.Retry.MaxAttempts = 1;
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(_client, options, _clock).Stream(["1", "2", "3"]).ToListAsync(Token).AsTask();
        await _asked.Task.WithTimeout();

        await _clock.AdvanceUntilAsync(() => run.IsCompleted);

        (await run).Should().HaveCount(3).And.OnlyContain(outcome =>
            outcome.Error!.Message == "No answer within 10 s (Timeout.Attempt, or the rest of Timeout.Lookup)." && outcome.Time.OnTheWire >= TimeSpan.FromSeconds(10));
        _client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Before_a_deadline_that_comes_first_nobody_waits_at_the_gate()
    {
        int asked = 0;
        ScriptedBatchClient client = new(ids => ++asked == 1 ? throw ServiceFailure.Throttled(TimeSpan.FromMinutes(5)) : ScriptedBatchClient.Echo(ids));
        IEnrichmentRun run = IssuerEnricher.Create(client, Options(), _clock)
            .Stream(["1", "2", "3"], new() { Deadline = TimeSpan.FromMinutes(1) });

        List<EnrichmentOutcome> outcomes = await run.ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().HaveCount(3).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
        run.Report.Requests.Should().Be(1);
    }

    [Fact]
    public async Task A_deadline_during_a_shared_wait_leaves_that_wait_in_each_member_s_account()
    {
        using NeverLimiter limiter = new();
        await using Source source = Source.Of(
            builder => builder.AddIssuerBatchClient(_client).UseRateLimiter(_ => limiter), options => options.Batch = Options().Batch, _clock);
        IEnrichmentRun run = source.Enricher.Stream(["1", "2", "3"], new() { Deadline = TimeSpan.FromSeconds(10) });
        Task<List<EnrichmentOutcome>> outcomes = run.ToListAsync(Token).AsTask();
        await limiter.Asked.Task.WithTimeout();

        _clock.Advance(TimeSpan.FromSeconds(10));

        (await outcomes.WithTimeout()).Should().HaveCount(3).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Attempts == 0
            && outcome.Time.Paced == TimeSpan.FromSeconds(10) && outcome.Time.OnTheWire == TimeSpan.Zero);
        run.Report.LimitedBy.Should().Be(RunLimit.Rate);
    }

    // Batches are those of whoever can come, and wait for nobody.
    private static IssuerEnrichmentOptions Options() => new() { Batch = new() { MaxWait = TimeSpan.FromMinutes(1) } };

    private Source SourceOf(Func<string, bool> leaves) => Source.Of(
        builder => builder
            .AddIssuerBatchClient(_client)
            .AddAttemptPolicy(attempt => attempt.AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = args =>
                    new ValueTask<TimeSpan>(leaves(RequestContext.From(args.Context)!.IssuerId!) ? TimeSpan.FromSeconds(1) : TimeSpan.FromHours(1)),
                OnTimeout = _ =>
                {
                    _left.TrySetResult();
                    return default;
                },
            }).AddStrategy(_ => new JoinWatch(CountJoined), new JoinWatchOptions())),
        options =>
        {
            options.Retry.MaxAttempts = 1;
            options.Timeout = new() { Attempt = TimeSpan.FromHours(2), Lookup = TimeSpan.FromHours(2) };
            options.Batch.MaxWait = TimeSpan.FromMinutes(1);
        },
        _clock);

    private void CountJoined()
    {
        if (Interlocked.Increment(ref _attempts) == 3)
            _allHere.SetResult();
    }

    // A lookup joins its batch before the call comes back, so that the clock may go on from then.
    private sealed class JoinWatch(Action joined) : ResilienceStrategy<IssuerAnswer>
    {
        protected override ValueTask<Outcome<IssuerAnswer>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<IssuerAnswer>>> callback, ResilienceContext context, TState state)
        {
            ValueTask<Outcome<IssuerAnswer>> answer = callback(context, state);
            joined();
            return answer;
        }
    }

    private sealed class JoinWatchOptions : ResilienceStrategyOptions;

    private sealed class NeverLimiter : RateLimiter
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new NotSupportedException();
        }
    }
}
