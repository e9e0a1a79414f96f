using System.Net;
using System.Net.Sockets;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Journal;
using IssuerEnrichment.Tests.Registration;
using Microsoft.AspNetCore.Http;
using Polly;
using Polly.CircuitBreaker;

namespace IssuerEnrichment.Tests.Http;

/// <summary>Small inputs in which a service says something in its own way, over real sockets.</summary>
public sealed class ServiceWordsTests
{
    private const string Good = """{"data":{"isins":["US0378331005"]}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_json_labelled_as_html_is_good_for_the_gate_too()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(Good);
        });

        (await AskAsync(service, 300)).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 1);
    }

    [Theory]
    [InlineData(403, "Retry-After", "0")]
    [InlineData(403, "X-RateLimit-Remaining", "0")]
    [InlineData(503, "RateLimit-Remaining", "0")]
    [InlineData(429, "Retry-After", "-1")]
    [InlineData(429, "Retry-After", "Mon, 01 Jan 2001 00:00:00 GMT")]
    public async Task A_service_that_throttles_fails_no_issuer_and_gets_few_requests(int status, string header, string value)
    {
        int asked = 0;
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) > 10)
                return context.Response.WriteAsync(Good);
            context.Response.StatusCode = status;
            context.Response.Headers[header] = value;
            return Task.CompletedTask;
        });

        (await AskAsync(service, 60, options => (options.Retry.MaxAttempts, options.Gate.RefusalDelay) = (1, TimeSpan.FromMilliseconds(20))))
            .Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("Mon, 01 Jan 2001 00:00:00 GMT")]
    public async Task A_hint_never_makes_the_wait_shorter_than_the_library_s_own(string retryAfter)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await using Source source = SourceOf(service);

        await source.Enricher.Stream(["1"], new() { Deadline = TimeSpan.FromSeconds(2) }).ToListAsync(Token);

        service.Targets.Count.Should().BeLessThan(8);
    }

    [Fact]
    public async Task An_answer_that_is_not_ready_is_waited_for_and_costs_no_attempt()
    {
        int asked = 0;
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) > 6)
                return context.Response.WriteAsync(Good);
            context.Response.StatusCode = 202;
            context.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        });

        (await AskAsync(service, 1, options => options.Retry.MaxAttempts = 1)).Single().Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(407)]
    public async Task Access_denied_to_everybody_ends_the_run_after_a_few_requests_and_is_no_verdict(int status)
    {
        await using LoopbackService service = await LoopbackService.StartAsync("", status);
        InMemoryJournal journal = new();

        List<EnrichmentOutcome> outcomes = await AskAsync(service, 10_000, journal: journal);

        outcomes.Should().HaveCount(10_000).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted
            && outcome.Error!.Kind == EnrichmentErrorKind.Denied && outcome.Error.HttpStatus == status);
        service.Targets.Count.Should().BeLessThan(40);
        (await AskAsync(await LoopbackService.StartAsync(Good), 10_000, journal: journal))
            .Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Service, "with the right key all are asked for");
    }

    [Fact]
    public async Task Access_denied_to_single_issuers_fails_those()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            bool isDenied = (context.Request.Path.Value![^1] - '0') % 2 == 0;
            context.Response.StatusCode = isDenied ? 401 : 200;
            return isDenied ? Task.CompletedTask : context.Response.WriteAsync(Good);
        });

        List<EnrichmentOutcome> outcomes = await AskAsync(service, 200);

        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Enriched).Should().Be(100);
        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Failed && outcome.Error!.Kind == EnrichmentErrorKind.Denied).Should().Be(100);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/", "refused")]
    [InlineData("http://nosuch.invalid/", "nosuch.invalid")]
    public async Task A_service_that_nobody_reaches_is_given_up_after_ten_seconds_with_the_cause(string address, string cause)
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Uri service = new(string.Format(null, address, ((IPEndPoint)free.LocalEndpoint).Port));
        free.Stop();
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(options => options.BaseAddress = service), clock: new HastyClock(10));

        IEnrichmentRun run = source.Enricher.Stream(Enumerable.Range(0, 1_000).Select(id => $"{id}"));
        List<EnrichmentOutcome> outcomes = await run.ToListAsync(Token);

        outcomes.Should().HaveCount(1_000).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted);
        outcomes[0].Error!.Message.Should().Contain("10 s").And.Contain(cause);
        run.Report.Requests.Should().BeLessThan(60);
        run.Report.Advice.Should().StartWith("1000 of 1000 issuers are missing").And.Contain(cause);
    }

    [Fact]
    public async Task An_open_circuit_of_the_user_s_is_a_pause_and_fails_nobody()
    {
        int asked = 0;
        ScriptedIssuerClient client = new(id => Interlocked.Increment(ref asked) is > 100 and <= 130 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        await using Source source = Source.Of(builder => builder.AddIssuerClient(client).AddAttemptPolicy(attempt => attempt.AddCircuitBreaker(
            new CircuitBreakerStrategyOptions<IssuerAnswer>
            {
                FailureRatio = 0.1,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(1),
                BreakDuration = TimeSpan.FromSeconds(1),
            })));

        List<EnrichmentOutcome> outcomes = await source.Enricher.Stream(Enumerable.Range(0, 3_000).Select(id => $"{id}")).ToListAsync(Token);

        outcomes.Should().HaveCount(3_000).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
    }

    private static async Task<List<EnrichmentOutcome>> AskAsync(
        LoopbackService service, int ids, Action<IssuerEnrichmentOptions>? configure = null, IEnrichmentJournal? journal = null)
    {
        await using Source source = SourceOf(service, configure, journal);
        return await source.Enricher.Stream(Enumerable.Range(0, ids).Select(id => $"{id}")).ToListAsync(Token);
    }

    private static Source SourceOf(LoopbackService service, Action<IssuerEnrichmentOptions>? configure = null, IEnrichmentJournal? journal = null) => Source.Of(
        builder =>
        {
            builder.AddHttpIssuerClient(options => options.BaseAddress = service.BaseAddress);
            if (journal is not null)
                builder.UseJournal(_ => journal);
        },
        configure);
}
