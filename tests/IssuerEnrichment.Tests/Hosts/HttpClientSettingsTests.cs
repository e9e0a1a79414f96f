using System.Net;
using System.Net.Http.Json;
using IssuerEnrichment.Tests.Http;
using IssuerEnrichment.Tests.Registration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Tests.Hosts;

/// <summary>What a user sets on the HTTP client is kept, or refused with a sentence.</summary>
public sealed class HttpClientSettingsTests
{
    private const string Good = """{"data":{"isins":["US0378331005"]}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<HttpMessageHandler>> PrimaryHandlers => new()
    {
        { "HttpClientHandler", () => new HttpClientHandler { UseCookies = false } },
        { "SocketsHttpHandler", () => new SocketsHttpHandler() },
        { "within another one", () => new PassThrough { InnerHandler = new HttpClientHandler() } },
    };

    [Theory]
    [MemberData(nameof(PrimaryHandlers))]
    public async Task A_primary_handler_of_the_users_takes_no_api_key_to_another_host(string name, Func<HttpMessageHandler> create)
    {
        await using LoopbackService other = await LoopbackService.StartAsync(Good);
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.Redirect(other.BaseAddress.AbsoluteUri);
            return Task.CompletedTask;
        });

        EnrichmentOutcome outcome = await AskAsync(
            options => (options.BaseAddress, options.Headers["X-Api-Key"]) = (service.BaseAddress, "secret"),
            http => http.ConfigurePrimaryHttpMessageHandler(create));

        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Rejected, name);
        other.Targets.Should().BeEmpty();
    }

    [Fact]
    public async Task The_http_version_is_the_one_that_is_asked_for()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using WebApplication service = builder.Build();
        service.Run(context => context.Response.WriteAsync(Good));
        await service.StartAsync(Token);

        EnrichmentOutcome outcome = await AskAsync(
            options => options.BaseAddress = new Uri(service.Urls.Single()),
            http => http.ConfigureHttpClient(client =>
                (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact)));

        outcome.Status.Should().Be(EnrichmentStatus.Enriched, outcome.Error?.Message);
    }

    public static TheoryData<Action<HttpClient>, string> RefusedSettings => new()
    {
        { client => client.Timeout = TimeSpan.FromSeconds(5), "The HTTP client of the default source has a Timeout, which would not be kept; set Timeout.Attempt or Timeout.Lookup of the options." },
        { client => client.BaseAddress = new Uri("http://other/"), "The HTTP client of the default source has a BaseAddress, which would not be kept; set BaseAddress of HttpIssuerClientOptions." },
        { client => client.MaxResponseContentBufferSize = 1, "The HTTP client of the default source has a MaxResponseContentBufferSize, which would not be kept; set MaxAnswerBytes of HttpIssuerClientOptions." },
    };

    [Theory]
    [MemberData(nameof(RefusedSettings))]
    public async Task A_setting_that_would_not_be_kept_is_rejected(Action<HttpClient> set, string message)
    {
        Func<Task> ask = () => AskAsync(options => options.BaseAddress = new Uri("http://127.0.0.1:1/"), http => http.ConfigureHttpClient(set));

        (await ask.Should().ThrowAsync<OptionsValidationException>()).WithMessage(message);
    }

    [Fact]
    public async Task What_is_added_to_a_request_is_not_there_twice_after_a_redirect()
    {
        int asked = 0;
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            if (context.Request.Headers["X-Token"].Count != 1)
                context.Response.StatusCode = 401;
            else if (context.Request.Path != "/elsewhere")
                context.Response.Redirect("/elsewhere");
            return context.Response.WriteAsync(Good);
        });

        EnrichmentOutcome outcome = await AskAsync(options =>
        {
            options.BaseAddress = service.BaseAddress;
            options.OnRequest = (request, _) =>
            {
                request.Headers.Add("X-Token", $"token {++asked}");
                return default;
            };
        });

        outcome.Status.Should().Be(EnrichmentStatus.Enriched, outcome.Error?.Message);
        asked.Should().Be(2);
    }

    [Theory]
    [InlineData("/api/users")]
    [InlineData("/api/users/")]
    [InlineData("/api/users?lei=")]
    public async Task An_address_needs_no_slash_at_its_end(string address)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);

        await AskAsync(options => options.BaseAddress = new Uri(service.BaseAddress, address));

        service.Targets.Should().Equal(address.Contains('?') ? "/api/users?lei=7" : "/api/users/7");
    }

    [Theory]
    [InlineData("http://user:secret@issuers/#here", "BaseAddress is 'http://issuers/#here'; what follows '#' is never sent, so an id cannot be appended to it.")]
    [InlineData("ftp://user:secret@issuers/", "BaseAddress is 'ftp://issuers/'; it must be an absolute http or https address.")]
    public async Task A_message_on_an_address_does_not_tell_its_password(string address, string message)
    {
        Func<Task> ask = () => AskAsync(options => options.BaseAddress = new Uri(address));

        (await ask.Should().ThrowAsync<OptionsValidationException>()).WithMessage(message);
    }

    [Fact]
    public async Task A_service_that_knows_no_issuer_may_have_another_address()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("", 404);
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(options => options.BaseAddress = service.BaseAddress));
        IEnrichmentRun run = source.Enricher.Stream(Enumerable.Range(0, 20).Select(id => $"{id}"));

        await run.CountAsync(Token).AsTask().WithTimeout();

        run.Report.Advice.Should().Be("The service knows none of 20 issuers: check its address and the format of the ids.");
    }

    [Theory]
    [InlineData("application/vnd.api+json; charset=utf8")]
    [InlineData("application/json; charset=windows-1252")]
    [InlineData("application/json;charset=\"utf-8\"")]
    public async Task Json_is_utf_8_whatever_its_header_says(string type)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync("""["Söhne"]""");
        });
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(
            http => http.ConfigureHttpClient(client => client.BaseAddress = service.BaseAddress),
            (_, http) => new TypedClient(http)));

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Isins.Should().Equal(["Söhne"], outcome.Error?.Message);
    }

    [Fact]
    public async Task A_body_that_is_not_compressed_as_it_says_is_told_in_one_sentence()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync(Good);
        });

        (await AskAsync(options => options.BaseAddress = service.BaseAddress)).Error!.Message
            .Should().Be("The answer is not valid HTTP: The body is not compressed as its header says.");
    }

    [Theory]
    [InlineData(303, "GET")]
    [InlineData(302, "GET")]
    [InlineData(307, "POST")]
    public async Task A_bulk_client_gets_a_client_that_follows_redirects_as_the_service_means_them(int status, string method)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(async context =>
        {
            if (context.Request.Path == "/answers")
            {
                await context.Response.WriteAsJsonAsync(new Dictionary<string, string[]> { ["7"] = [context.Request.Method] });
                return;
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/answers";
        });
        await using Source source = Source.Of(builder => builder.AddHttpIssuerBatchClient<BulkClient>(http => http.ConfigureHttpClient(client => client.BaseAddress = service.BaseAddress)));

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Isins.Should().Equal([method], outcome.Error?.Message);
    }

    [Fact]
    public void A_client_that_asks_for_many_too_needs_an_http_client_for_each_way() => FluentActions
        .Invoking(() => Source.Of(builder => builder.AddHttpIssuerClient<ClientOfBothKinds>(_ => { })))
        .Should().Throw<OptionsValidationException>()
        .WithMessage("The client ClientOfBothKinds of the default source asks for many issuers too, and has only one HTTP client; use the AddHttpIssuerClient that makes it with two.");

    private static async Task<EnrichmentOutcome> AskAsync(Action<HttpIssuerClientOptions> configure, Action<IHttpClientBuilder>? http = null)
    {
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(configure, http), options => options.Retry.MaxAttempts = 1);
        return (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();
    }

    private sealed class PassThrough : DelegatingHandler;

    private sealed class TypedClient(HttpClient http) : IIssuerClient
    {
        public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
            IssuerAnswer.Found((await http.GetFromJsonAsync<string[]>(issuerId, cancellationToken))!);
    }

    private sealed class ClientOfBothKinds(HttpClient http) : IIssuerClient, IIssuerBatchClient
    {
        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
            new TypedClient(http).GetIsinsAsync(issuerId, cancellationToken);

        public Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken) =>
            new BulkClient(http).GetIsinsAsync(issuerIds, cancellationToken);
    }

    private sealed class BulkClient(HttpClient http) : IIssuerBatchClient
    {
        public async Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken)
        {
            using HttpResponseMessage response = await http.PostAsJsonAsync("many", issuerIds, cancellationToken);
            Dictionary<string, string[]> found = (await response.Content.ReadFromJsonAsync<Dictionary<string, string[]>>(cancellationToken))!;
            return issuerIds.ToDictionary(id => id, id => IssuerAnswer.Found(found[id]));
        }
    }
}
