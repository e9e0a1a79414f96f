using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Gleif;

/// <summary>GLEIF's limit of 60 requests a minute, in virtual time.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class GleifPaceTests
{
    [Fact]
    public async Task No_request_is_throttled_at_sixty_a_minute_and_none_is_wasted()
    {
        Entity[] entities = [.. Enumerable.Range(1, 400).Select(number => Entity.Create(number, isins: number % 2))];
        EventClock clock = new();
        LimitedGleif gleif = new(new GleifData(entities), clock);
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(clock);
        services.AddIssuerEnrichment().AddGleifIssuerClient(http: client => client.ConfigurePrimaryHttpMessageHandler(() => gleif));
        await using ServiceProvider provider = services.BuildServiceProvider();

        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(entities.Select(entity => entity.Lei));
        Task<int> outcomes = run.CountAsync(TestContext.Current.CancellationToken).AsTask();
        await clock.RunAsync(outcomes);

        (await outcomes).Should().Be(400);
        run.Report.Enriched.Should().Be(400);
        gleif.Refused.Should().Be(0);
        run.Report.Requests.Should().BeInRange(202, 206);
        clock.Now.TotalSeconds.Should().BeInRange(200, 225);
        run.Report.LimitedBy.Should().Be(RunLimit.Rate);
    }

    /// <summary>Refuses whoever asks more than sixty times within any minute.</summary>
    private sealed class LimitedGleif(GleifData data, TimeProvider clock) : HttpMessageHandler
    {
        private readonly Lock _lock = new();
        private readonly Queue<DateTimeOffset> _lastMinute = new();

        public int Refused { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                DateTimeOffset now = clock.GetUtcNow();
                while (_lastMinute.TryPeek(out DateTimeOffset first) && now - first >= TimeSpan.FromMinutes(1))
                    _lastMinute.Dequeue();
                if (_lastMinute.Count >= 60)
                {
                    Refused++;
                    return Task.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests));
                }

                _lastMinute.Enqueue(now);
            }

            GleifAnswer answer = data.Ask(request.RequestUri!.PathAndQuery);
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new StringContent(answer.Body) });
        }
    }
}
