using System.IO.Compression;
using System.Text;
using IssuerEnrichment.Tests.Registration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IssuerEnrichment.Tests.Http;

public sealed class HttpIssuerClientTests
{
    private const string Good = """{"data":{"isins":["US0378331005"]}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("529900T8BM49AURSDO55", "529900T8BM49AURSDO55")]
    [InlineData("a b", "a%20b")]
    [InlineData("50%", "50%25")]
    [InlineData("%2e%2e", "%252e%252e")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a/..", "a%2F..")]
    [InlineData("../x", "..%2Fx")]
    [InlineData("..\\x", "..%5Cx")]
    [InlineData("...", "...")]
    [InlineData("a?b=c", "a%3Fb%3Dc")]
    [InlineData("a#b", "a%23b")]
    [InlineData("a+b&c;d", "a%2Bb%26c%3Bd")]
    [InlineData("é", "%C3%A9")]
    [InlineData("株", "%E6%A0%AA")]
    [InlineData("🏦", "%F0%9F%8F%A6")]
    [InlineData("http://elsewhere/", "http%3A%2F%2Felsewhere%2F")]
    public async Task An_id_is_one_segment_of_the_path_whatever_it_holds(string id, string segment)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);

        (await AskAsync(service, id: id)).Status.Should().Be(EnrichmentStatus.Enriched);

        service.Targets.Should().Equal($"/api/users/{segment}");
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a\uD800")]
    [InlineData("\uDC00b")]
    [InlineData("a\rb")]
    public async Task An_id_that_cannot_be_sent_is_invalid_and_nothing_is_sent(string id)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);

        EnrichmentOutcome outcome = await AskAsync(service, id: id);

        outcome.Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Invalid && outcome.Requests == 0 && outcome.Error!.Kind == EnrichmentErrorKind.InvalidId);
        service.Targets.Should().BeEmpty();
    }

    [Fact]
    public async Task The_suffix_follows_the_id()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);

        await AskAsync(service, options => options.Suffix = "/isins?page=1");

        service.Targets.Should().Equal("/api/users/7/isins?page=1");
    }

    [Theory]
    [InlineData("data.isins", """{"data":{"isins":["A","B"]}}""")]
    [InlineData("$", """["A","B"]""")]
    [InlineData("data.attributes.isin", """{"data":[{"attributes":{"isin":"A"}},{"attributes":{"isin":"B"}}]}""")]
    public async Task Isins_are_read_where_the_path_says(string path, string body)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(body);

        (await AskAsync(service, options => options.AnswerPath = path)).Isins.Should().Equal("A", "B");
    }

    [Fact]
    public async Task An_empty_list_is_an_answer()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("""{"data":{"isins":[]}}""");

        (await AskAsync(service)).Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Isins!.Count == 0 && outcome.Source == EnrichmentSource.Service);
    }

    [Fact]
    public async Task Status_404_means_that_the_service_knows_no_such_issuer()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("<html>no such page</html>", 404);

        (await AskAsync(service)).Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotFound && outcome.Attempts == 1 && outcome.Isins == null);
    }

    [Theory]
    [InlineData(400, EnrichmentErrorKind.Rejected, 1)]
    [InlineData(401, EnrichmentErrorKind.Denied, 1)]
    [InlineData(403, EnrichmentErrorKind.Denied, 1)]
    [InlineData(410, EnrichmentErrorKind.Rejected, 1)]
    [InlineData(304, EnrichmentErrorKind.Rejected, 1)]
    [InlineData(408, EnrichmentErrorKind.ServiceError, 3)]
    [InlineData(500, EnrichmentErrorKind.ServiceError, 3)]
    [InlineData(502, EnrichmentErrorKind.ServiceError, 3)]
    [InlineData(503, EnrichmentErrorKind.ServiceError, 3)]
    [InlineData(504, EnrichmentErrorKind.ServiceError, 3)]
    public async Task Other_statuses_fail_and_those_that_may_pass_are_tried_again(int status, EnrichmentErrorKind kind, int attempts)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Status.Should().Be(kind == EnrichmentErrorKind.Denied ? EnrichmentStatus.NotAttempted : EnrichmentStatus.Failed);
        outcome.Error.Should().Match<EnrichmentError>(error => error.Kind == kind && error.HttpStatus == status);
        (outcome.Attempts, outcome.Requests, service.Targets.Count).Should().Be((attempts, attempts, attempts));
    }

    [Theory]
    [InlineData("", "the answer is empty")]
    [InlineData("   ", "the answer is empty")]
    [InlineData("<!doctype html><p>Sign in", "the answer is HTML, not JSON")]
    [InlineData("OK", "the answer is not a JSON object or list")]
    [InlineData("""{"data":{"isins":["US03783""", "the answer ends in the middle (truncated)")]
    [InlineData("""{"data":{"isins":null}}""", "'data.isins' is null, not a list of ISINs; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":[1]}}""", "'data.isins' holds a number where an ISIN is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"ISINs":[]}}""", "'data.isins' is missing; AnswerPath says where the ISINs are")]
    [InlineData("""{"error":"down"}""", "'data' is missing; AnswerPath says where the ISINs are")]
    public async Task A_good_status_with_a_body_that_is_no_answer_fails_after_all_attempts(string body, string message)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(body);

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Should().Match<EnrichmentOutcome>(outcome => outcome.Status == EnrichmentStatus.Failed && outcome.Attempts == 3);
        outcome.Error.Should().Match<EnrichmentError>(error => error.Kind == EnrichmentErrorKind.UnexpectedAnswer && error.Message == message);
    }

    [Fact]
    public async Task Text_that_is_not_utf_8_is_no_answer()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
            context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("""{"data":{"isins":["é"]}}"""), Token).AsTask());

        (await AskAsync(service)).Error!.Kind.Should().Be(EnrichmentErrorKind.UnexpectedAnswer);
    }

    [Fact]
    public async Task A_body_that_nests_without_end_is_no_answer()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(new string('[', 100_000));

        (await AskAsync(service)).Error!.Kind.Should().Be(EnrichmentErrorKind.UnexpectedAnswer);
    }

    [Fact]
    public async Task An_answer_that_is_good_at_the_second_attempt_is_good()
    {
        int requests = 0;
        await using LoopbackService service = await LoopbackService.StartAsync(
            context => context.Response.WriteAsync(++requests == 1 ? Good[..20] : Good));

        (await AskAsync(service)).Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 2 && outcome.Requests == 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_bound_is_not_read(bool announced)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            if (announced)
                context.Response.ContentLength = 1_001;
            return context.Response.WriteAsync(Good + new string(' ', 1_001 - Good.Length));
        });

        EnrichmentOutcome outcome = await AskAsync(service, options => options.MaxAnswerBytes = 1_000);

        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.AnswerTooLarge);
        outcome.Attempts.Should().Be(1);
        (await AskAsync(service, options => options.MaxAnswerBytes = 1_001)).Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task A_compressed_answer_is_read_and_bounded_by_its_full_size()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(async context =>
        {
            context.Request.Headers.AcceptEncoding.ToString().Should().Be("gzip, br");
            context.Response.Headers.ContentEncoding = "gzip";
            await using GZipStream gzip = new(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Good + new string(' ', 1_000_000)), Token);
        });

        (await AskAsync(service)).Status.Should().Be(EnrichmentStatus.Enriched);
        (await AskAsync(service, options => options.MaxAnswerBytes = 100_000)).Error!.Kind.Should().Be(EnrichmentErrorKind.AnswerTooLarge);
    }

    [Fact]
    public async Task A_user_s_accept_encoding_header_is_kept()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Request.Headers.AcceptEncoding.ToString().Should().Be("identity");
            return context.Response.WriteAsync(Good);
        });

        (await AskAsync(service, options => options.Headers["Accept-Encoding"] = "identity")).Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_that_is_not_compressed_as_its_header_says_is_no_answer(string coding)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = coding;
            return context.Response.WriteAsync(Good);
        });

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Error.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.UnexpectedAnswer && error.Message.StartsWith("The answer is not valid HTTP: "));
        outcome.Attempts.Should().Be(3);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_the_body_is_tried_again()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(async context =>
        {
            context.Response.ContentLength = Good.Length;
            await context.Response.WriteAsync(Good[..10]);
            await context.Response.Body.FlushAsync(Token);
            context.Abort();
        });

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Error!.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.Network && !error.Message.Contains("An error occurred"), "that would be of no use to anybody");
        outcome.Attempts.Should().Be(3);
    }

    [Fact]
    public async Task A_service_that_is_not_there_fails_the_network()
    {
        LoopbackService service = await LoopbackService.StartAsync(Good);
        Uri address = service.BaseAddress;
        await service.DisposeAsync();
        await using Source source = SourceOf(address);

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Error!.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.Network && error.Message == $"The connection failed: Connection refused ({address.Authority}); check BaseAddress.");
        outcome.Requests.Should().Be(3);
    }

    [Fact]
    public async Task A_body_that_drips_ends_by_the_timeout_of_the_attempt()
    {
        TaskCompletionSource aborted = new();
        await using LoopbackService service = await LoopbackService.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            await context.Response.WriteAsync(Good[..10]);
            await context.Response.Body.FlushAsync(Token);
            await aborted.Task;
        });
        await using Source source = SourceOf(
            service.BaseAddress,
            configure: options =>
            {
                options.Retry.MaxAttempts = 1;
                options.Timeout.Attempt = TimeSpan.FromMilliseconds(100);
            });

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Error.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.Timeout && error.Message == "No answer within 0.1 s (Timeout.Attempt, or the rest of Timeout.Lookup).");
        await aborted.Task.WithTimeout();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Retry_after_is_obeyed_and_the_throttled_request_spends_no_attempt(int status)
    {
        LeapingClock clock = new();
        List<DateTimeOffset> asked = [];
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            asked.Add(clock.GetUtcNow());
            context.Response.StatusCode = asked.Count <= 4 ? status : 200;
            context.Response.Headers.RetryAfter = "17";
            return context.Response.WriteAsync(Good);
        });
        await using Source source = SourceOf(
            service.BaseAddress,
            configure: options =>
            {
                options.Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) };
                options.Hedging.Enabled = false; // Its timer would make the clock leap while a request is on the real wire.
            },
            clock: clock);

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Should().Match<EnrichmentOutcome>(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Requests == 5);
        asked.Zip(asked.Skip(1), (first, second) => second - first).Should().OnlyContain(wait => wait >= TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task Requests_carry_the_headers_of_the_options_and_say_who_asks()
    {
        IHeaderDictionary headers = new HeaderDictionary();
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            foreach ((string header, StringValues value) in context.Request.Headers)
                headers[header] = value;
            return context.Response.WriteAsync(Good);
        });

        await AskAsync(service, options => options.Headers["X-Api-Key"] = "secret, with = signs");

        headers["X-Api-Key"].ToString().Should().Be("secret, with = signs");
        headers.Accept.ToString().Should().Be("application/json");
        headers.UserAgent.ToString().Should().MatchRegex(@"^IssuerEnrichment/\d+\.\d+\.\d+$");
        headers.Cookie.Should().BeEmpty();
    }

    [Fact]
    public async Task Default_headers_of_the_http_client_are_sent_too()
    {
        IHeaderDictionary headers = new HeaderDictionary();
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            headers.AcceptLanguage = context.Request.Headers.AcceptLanguage;
            headers.UserAgent = context.Request.Headers.UserAgent;
            return context.Response.WriteAsync(Good);
        });
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(
            options => options.BaseAddress = service.BaseAddress,
            http => http.ConfigureHttpClient(client =>
            {
                client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de, en; q=0.5");
                client.DefaultRequestHeaders.Remove("User-Agent");
                client.DefaultRequestHeaders.UserAgent.ParseAdd("Nightly/2.0 (issuers)");
            })));

        await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout();

        headers.AcceptLanguage.ToString().Should().Be("de, en; q=0.5");
        headers.UserAgent.ToString().Should().Be("Nightly/2.0 (issuers)");
    }

    [Fact]
    public void A_timeout_of_the_http_client_is_rejected_rather_than_lost() => FluentActions
        .Invoking(() => Source.Of(builder => builder.AddHttpIssuerClient(
            options => options.BaseAddress = new("http://127.0.0.1:1/"),
            http => http.ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(5)))))
        .Should().Throw<OptionsValidationException>().WithMessage("*set Timeout.Attempt*");

    [Fact]
    public async Task Headers_of_the_options_take_the_place_of_our_own()
    {
        IHeaderDictionary headers = new HeaderDictionary();
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            foreach ((string header, StringValues value) in context.Request.Headers)
                headers[header] = value;
            return context.Response.WriteAsync(Good);
        });

        await AskAsync(service, options =>
        {
            options.Headers["user-agent"] = "Treasury/7 (bonds)";
            options.Headers["Accept"] = "application/vnd.api+json";
        });

        headers.UserAgent.ToString().Should().Be("Treasury/7 (bonds)");
        headers.Accept.ToString().Should().Be("application/vnd.api+json");
    }

    [Fact]
    public async Task Every_attempt_is_prepared_by_the_hook()
    {
        List<string?> tokens = [];
        int issued = 0;
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            tokens.Add(context.Request.Headers.Authorization);
            context.Response.StatusCode = tokens.Count == 1 ? 503 : 200;
            return context.Response.WriteAsync(Good);
        });

        await AskAsync(service, options => options.OnRequest = (request, _) =>
        {
            request.Headers.Authorization = new("Bearer", $"{++issued}");
            return ValueTask.CompletedTask;
        });

        tokens.Should().Equal("Bearer 1", "Bearer 2");
    }

    [Fact]
    public async Task A_hook_that_throws_fails_the_issuer_and_nothing_is_sent()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);

        EnrichmentOutcome outcome = await AskAsync(service, options => options.OnRequest = (_, _) => throw new NotSupportedException());

        outcome.Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Requests == 0 && outcome.Error!.Kind == EnrichmentErrorKind.Fault);
        service.Targets.Should().BeEmpty();
    }

    private static async Task<EnrichmentOutcome> AskAsync(
        LoopbackService service, Action<HttpIssuerClientOptions>? configure = null, string id = "7")
    {
        await using Source source = SourceOf(service.BaseAddress, configure);
        return (await source.Enricher.Stream([id]).ToListAsync(Token).AsTask().WithTimeout()).Single();
    }

    private static Source SourceOf(
        Uri address,
        Action<HttpIssuerClientOptions>? configureClient = null,
        Action<IssuerEnrichmentOptions>? configure = null,
        TimeProvider? clock = null) => Source.Of(
        builder => builder.AddHttpIssuerClient(options =>
        {
            options.BaseAddress = address;
            configureClient?.Invoke(options);
        }),
        options =>
        {
            options.Retry = new() { MaxAttempts = 3, BaseDelay = TimeSpan.Zero };
            configure?.Invoke(options);
        },
        clock);
}
