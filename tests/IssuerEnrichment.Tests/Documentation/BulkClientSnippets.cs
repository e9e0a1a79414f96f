using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on bulk clients.</summary>
public sealed class BulkClientSnippets
{
    [Fact]
    public async Task A_bulk_client_is_asked_for_many_issuers_at_once()
    {
        Uri serviceAddress = new("http://issuers.internal/");
        using BulkService service = new();
        ServiceCollection services = new();

        #region use-bulk-client
        services.AddIssuerEnrichment(o => o.Batch.MaxSize = 50)
                .AddHttpIssuerBatchClient<BulkClient>(http => http.ConfigureHttpClient(client => client.BaseAddress = serviceAddress));
        #endregion

        // No batch goes out for want of time, on however slow a machine.
        services.Configure<IssuerEnrichmentOptions>(options => options.Batch.MaxWait = TimeSpan.FromMinutes(1));
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => service));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(Enumerable.Range(1, 120).Select(id => $"{id}"));
        List<EnrichmentOutcome> outcomes = await run.ToListAsync(TestContext.Current.CancellationToken);

        outcomes.Where(outcome => outcome.Status == EnrichmentStatus.NotFound).Should().ContainSingle().Which.IssuerId.Should().Be("7");
        run.Report.Should().Match<EnrichmentReport>(report => report.Enriched == 119 && report.Requests == service.Requests && report.Requests <= 6);
    }

    #region bulk-client
    internal sealed class BulkClient(HttpClient http) : IIssuerBatchClient
    {
        public async Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(
            IReadOnlyList<string> issuerIds, CancellationToken cancellationToken)
        {
            using HttpResponseMessage response = await http.PostAsJsonAsync("isins", issuerIds, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw IssuerServiceException.FromResponse(response);

            var found = await response.Content.ReadFromJsonAsync<Dictionary<string, string[]>>(cancellationToken) ?? [];
            return issuerIds.ToDictionary(
                id => id, id => found.TryGetValue(id, out string[]? isins) ? IssuerAnswer.Found(isins) : IssuerAnswer.NotFound);
        }
    }
    #endregion

    /// <summary>Knows every issuer but one, and is busy at first.</summary>
    private sealed class BulkService : HttpMessageHandler
    {
        private int _requests;

        public int Requests => _requests;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _requests) == 1)
                return new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            string[] ids = (await request.Content!.ReadFromJsonAsync<string[]>(cancellationToken))!;
            return new HttpResponseMessage { Content = JsonContent.Create(ids.Where(id => id != "7").ToDictionary(id => id, id => new[] { id })) };
        }
    }
}
