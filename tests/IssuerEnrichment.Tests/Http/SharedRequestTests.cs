using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Http;

/// <summary>A request that one lookup sends and others need as well, such as that for a token.</summary>
public sealed class SharedRequestTests
{
    [Fact]
    public async Task A_request_continues_when_the_run_that_sent_it_has_ended()
    {
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackService service = await LoopbackService.StartAsync(async context =>
        {
            await answer.Task;
            await context.Response.WriteAsync("token");
        });
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddHttpIssuerClient<TokenClient>(
            http => http.ConfigureHttpClient(client => client.BaseAddress = service.BaseAddress));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IIssuerEnricher>().Stream(["1"]).ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();

        answer.SetResult();

        (await TokenClient.Token!.WithTimeout()).Should().Be("token");
    }

    private sealed class TokenClient(HttpClient http) : IIssuerClient
    {
        public static Task<string>? Token { get; private set; }

        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
        {
            Token = http.GetStringAsync("token", CancellationToken.None);
            return Task.FromResult(IssuerAnswer.NotFound);
        }
    }
}
