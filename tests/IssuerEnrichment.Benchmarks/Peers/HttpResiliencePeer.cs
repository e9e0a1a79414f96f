using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>A parallel loop over an HTTP client with the standard handler of Microsoft.Extensions.Http.Resilience.</summary>
/// <remarks>Its policies are those of HTTP messages, so in memory, too, it pays for an HTTP client and for reading JSON, which others do not.</remarks>
internal sealed class HttpResiliencePeer : IPeer
{
    private ServiceProvider _provider = null!;
    private JsonIssuerClient _resilient = null!;

    public string Name => "Parallel.ForEachAsync + Http.Resilience";

    public void Prepare(IAskedService service, int atOnce)
    {
        ServiceCollection services = new();
        services.AddHttpClient(Name, http => http.BaseAddress = service.Address)
            .ConfigurePrimaryHttpMessageHandler(service.CreateHandler)
            .AddStandardResilienceHandler(options =>
            {
                options.Retry.MaxRetryAttempts = PollyRetry.Retries;

                // It refuses what is above 1,000 at once and does not let it wait.
                options.RateLimiter.DefaultRateLimiterOptions.PermitLimit = Math.Max(1_000, atOnce);
            });
        _provider = services.BuildServiceProvider();
        _resilient = new JsonIssuerClient(_provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name));
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce)
    {
        ConcurrentDictionary<string, IReadOnlyList<string>> isins = new();
        await Parallel.ForEachAsync(
            issuerIds,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (issuerId, cancellationToken) =>
            {
                IssuerAnswer answer = await _resilient.GetIsinsAsync(issuerId, cancellationToken);
                isins[issuerId] = answer.Isins!;
            });
        return isins;
    }

    public void Dispose() => _provider.Dispose();
}
