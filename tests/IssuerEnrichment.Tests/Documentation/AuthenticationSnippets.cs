using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IssuerEnrichment.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on authentication.</summary>
public sealed class AuthenticationSnippets
{
    private const string Good = """{"data":{"isins":["US0378331005"]}}""";

    [Fact]
    public async Task A_key_is_sent_with_every_request()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context => AnswerAsync(context, context.Request.Headers["X-Api-Key"] == "secret"));
        Uri serviceAddress = service.BaseAddress;
        string key = "secret";
        ServiceCollection services = new();

        #region api-key
        services.AddIssuerEnrichment().AddHttpIssuerClient(o =>
        {
            o.BaseAddress = serviceAddress;
            o.Headers["X-Api-Key"] = key;
        });
        #endregion

        (await RunAsync(services)).Enriched.Should().Be(20);
    }

    [Fact]
    public async Task A_token_that_expires_is_fetched_anew_once_for_all()
    {
        int fetched = 0;
        int answered = 0;
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            string valid = Volatile.Read(ref answered) < 10 ? "Bearer token 1" : "Bearer token 2";
            bool isAllowed = context.Request.Headers.Authorization == valid;
            if (isAllowed)
                Interlocked.Increment(ref answered);
            return AnswerAsync(context, isAllowed);
        });
        Uri serviceAddress = service.BaseAddress;
        ServiceCollection services = new();
        Task<string> FetchTokenAsync(CancellationToken cancellationToken) => Task.FromResult($"token {Interlocked.Increment(ref fetched)}");

        #region use-token-handler
        services.AddIssuerEnrichment().AddHttpIssuerClient(
            o => o.BaseAddress = serviceAddress,
            http => http.AddHttpMessageHandler(() => new TokenHandler(FetchTokenAsync)));
        #endregion

        EnrichmentReport report = await RunAsync(services);

        report.Enriched.Should().Be(20);
        report.Retries.Should().Be(0);
        fetched.Should().Be(2);
    }

    [Fact]
    public async Task A_certificate_goes_with_the_primary_handler()
    {
        using RSA rsa = RSA.Create();
        using X509Certificate2 certificate = new CertificateRequest("CN=caller", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using LoopbackService service = await LoopbackService.StartAsync(Good);
        Uri serviceAddress = service.BaseAddress;
        ServiceCollection services = new();

        #region client-certificate
        services.AddIssuerEnrichment().AddHttpIssuerClient(
            o => o.BaseAddress = serviceAddress,
            http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                SslOptions = new() { ClientCertificates = [certificate] },
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }));
        #endregion

        (await RunAsync(services)).Enriched.Should().Be(20);
    }

    private static async Task<EnrichmentReport> RunAsync(ServiceCollection services)
    {
        await using ServiceProvider provider = services.BuildServiceProvider();
        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(Enumerable.Range(0, 20).Select(id => $"{id}"));
        await run.CountAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();
        return run.Report;
    }

    private static Task AnswerAsync(HttpContext context, bool isAllowed)
    {
        context.Response.StatusCode = isAllowed ? 200 : 401;
        return context.Response.WriteAsync(isAllowed ? Good : "");
    }

    #region token-handler
    internal sealed class TokenHandler(Func<CancellationToken, Task<string>> fetchToken) : DelegatingHandler
    {
        private readonly SemaphoreSlim _fetching = new(1);
        private string? _token;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string token = await GetTokenAsync(expired: null, cancellationToken);
            request.Headers.Authorization = new("Bearer", token);
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
                return response;

            response.Dispose();
            request.Headers.Authorization = new("Bearer", await GetTokenAsync(expired: token, cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }

        // Of all requests whose token has expired, one fetches the next.
        private async Task<string> GetTokenAsync(string? expired, CancellationToken cancellationToken)
        {
            await _fetching.WaitAsync(cancellationToken);
            try
            {
                return _token = _token is null || _token == expired ? await fetchToken(cancellationToken) : _token;
            }
            finally
            {
                _fetching.Release();
            }
        }
    }
    #endregion
}
