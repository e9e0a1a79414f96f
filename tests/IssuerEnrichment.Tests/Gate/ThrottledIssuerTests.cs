using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Gate;

[Collection<EventClock.NonParallelTests>]
public sealed class ThrottledIssuerTests
{
    private readonly EventClock _clock = new();

    [Fact]
    public async Task An_issuer_that_alone_is_throttled_fails_alone()
    {
        ScriptedIssuerClient client = new(async (id, _, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancellationToken);
            return id == "7" ? throw ServiceFailure.Throttled() : IssuerAnswer.Found([id]);
        });
        IssuerEnrichmentOptions options = new() { MaxConcurrency = 4, Timeout = new() { Attempt = EventClock.LongWait, Lookup = TimeSpan.FromDays(1) } };
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, options, _clock)
            .Stream(Enumerable.Range(1, 2_000).Select(id => $"{id}")).ToListAsync(TestContext.Current.CancellationToken).AsTask();

        await _clock.RunAsync(run);

        (await run).Should().ContainSingle(outcome => outcome.Status != EnrichmentStatus.Enriched)
            .Which.Should().Match<EnrichmentOutcome>(outcome =>
                outcome.IssuerId == "7" && outcome.Status == EnrichmentStatus.Failed && outcome.Error!.Kind == EnrichmentErrorKind.Throttled);
        client.AttemptsOf("7").Should().BeInRange(10, 30);
    }
}
