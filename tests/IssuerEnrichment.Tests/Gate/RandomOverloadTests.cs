using System.Globalization;
using System.Net;
using CsCheck;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A share of 503s that does not depend on load is no limit, in virtual time: nobody fails, and the run does not slow down for good.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class RandomOverloadTests
{
    private const int Ids = 1_000;

    // Once in a long while a few of them come in a row, and look like load.
    private const int RecoverySeconds = 60;

    [Fact]
    public async Task A_few_answers_at_random_slow_nothing_down_for_good() => await (
        from share in Gen.Double[0, 0.05]
        from maxConcurrency in Gen.Int[1, 64]
        from latency in Gen.Int[5, 200]
        from seed in Gen.Int[0, 1_000]
        select new Case(share, maxConcurrency, latency, seed)).SampleAsync(CheckAsync, iter: 100, threads: 1);

    private static async Task CheckAsync(Case drawn)
    {
        EventClock clock = new();
        Random random = new(drawn.Seed);
        ScriptedIssuerClient client = new(async (id, _, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(drawn.Latency), clock, cancellationToken);

            if (random.NextDouble() < drawn.Share)
                throw new HttpRequestException("", null, HttpStatusCode.ServiceUnavailable);
            return IssuerAnswer.Found([id]);
        });
        IssuerEnrichmentOptions options = new() { MaxConcurrency = drawn.MaxConcurrency };
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, options, clock)
            .Stream(Enumerable.Range(0, Ids).Select(id => id.ToString(CultureInfo.InvariantCulture))).ToListAsync().AsTask();

        await clock.RunAsync(run);

        List<EnrichmentOutcome> outcomes = await run;
        string told = $"{drawn}: {clock.Now.TotalSeconds:0.0} s of {drawn.Ideal:0.0}, {client.Attempts} requests";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched, told);
        client.Attempts.Should().BeLessThan((int)(Ids * 1.15) + 100, told);
        clock.Now.TotalSeconds.Should().BeLessThan((3 * drawn.Ideal) + RecoverySeconds, told);
    }

    /// <param name="Share">The share of 503s.</param>
    /// <param name="MaxConcurrency">Lookups at a time.</param>
    /// <param name="Latency">What an answer takes, in milliseconds.</param>
    /// <param name="Seed">Of chance.</param>
    internal sealed record Case(double Share, int MaxConcurrency, int Latency, int Seed)
    {
        public double Ideal => Ids * Latency / 1e3 / MaxConcurrency;
    }
}
