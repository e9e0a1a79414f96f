using IssuerEnrichment.Tests.Registration;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Tests.Http;

public sealed class SameHostRedirectTests
{
    private const string Good = """{"data":{"isins":["US0378331005"]}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_within_the_host_is_followed_as_a_request_of_its_own(int status)
    {
        await using LoopbackService service = await StartAsync(status, "/elsewhere");

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 1 && outcome.Requests == 2);
        service.Targets.Should().Equal("/api/users/7", "/elsewhere");
    }

    [Fact]
    public async Task An_api_key_goes_along_within_the_host()
    {
        string? key = null;
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            key = context.Request.Headers["X-Api-Key"];
            if (context.Request.Path != "/elsewhere")
                context.Response.Redirect("/elsewhere");
            return context.Response.WriteAsync(Good);
        });

        await AskAsync(service);

        key.Should().Be("secret");
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_rejected_and_nothing_is_sent_there()
    {
        await using LoopbackService other = await LoopbackService.StartAsync(Good);
        await using LoopbackService service = await StartAsync(302, $"http://localhost:{other.BaseAddress.Port}/api/users/7");

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Error.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.Rejected && error.Message == $"The service redirected to another service, http://localhost:{other.BaseAddress.Port}; the client does not follow.");
        outcome.Attempts.Should().Be(1);
        other.Targets.Should().BeEmpty();
    }

    [Fact]
    public async Task Another_port_is_another_service()
    {
        await using LoopbackService other = await LoopbackService.StartAsync(Good);
        await using LoopbackService service = await StartAsync(302, other.BaseAddress.AbsoluteUri);

        (await AskAsync(service)).Error!.Kind.Should().Be(EnrichmentErrorKind.Rejected);

        other.Targets.Should().BeEmpty();
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("mailto:root")]
    [InlineData("//evil.example/x")]
    [InlineData("///")]
    [InlineData("http:x")]
    [InlineData("http://")]
    [InlineData("http://127.0.0.1:99999/")]
    public async Task Any_other_place_is_rejected(string location)
    {
        await using LoopbackService service = await StartAsync(302, location);

        (await AskAsync(service)).Error!.Kind.Should().Be(EnrichmentErrorKind.Rejected);
    }

    [Fact]
    public async Task A_redirect_that_says_no_place_is_rejected()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("", 302);

        (await AskAsync(service)).Error.Should().Match<EnrichmentError>(error =>
            error.Kind == EnrichmentErrorKind.Rejected && error.HttpStatus == 302);
    }

    [Fact]
    public async Task A_redirect_loop_ends()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.Redirect("/api/users/7");
            return Task.CompletedTask;
        });

        EnrichmentOutcome outcome = await AskAsync(service);

        outcome.Error!.Message.Should().Be("The service redirected more than 5 times.");
        outcome.Requests.Should().Be(6);
    }

    private static Task<LoopbackService> StartAsync(int status, string location) => LoopbackService.StartAsync(context =>
    {
        if (context.Request.Path == "/elsewhere")
            return context.Response.WriteAsync(Good);
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    });

    private static async Task<EnrichmentOutcome> AskAsync(LoopbackService service)
    {
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(options =>
        {
            options.BaseAddress = service.BaseAddress;
            options.Headers["X-Api-Key"] = "secret";
        }));
        return (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();
    }
}
