using System.Globalization;
using System.Net;
using CsCheck;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>An outage that ends within the patience costs no issuer its answer, in virtual time.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class OutageProperties
{
    private const int Ids = 200;

    // Seconds. A short outage may look like throttling, and the rate found then takes a while to grow.
    private const double Allowance = 20;

    public enum Failure
    {
        Status500,
        Status503,
        Refused,
        Hangs,
    }

    [Fact]
    public async Task No_issuer_fails_in_an_outage_of_up_to_a_hundred_seconds() => await (
        from seconds in Gen.Double[1, 100]
        from after in Gen.Int[0, Ids - 1]
        from maxConcurrency in Gen.Int[1, 64]
        from latency in Gen.Int[5, 1_000]
        from failure in Gen.Enum<Failure>()
        from maxAttempts in Gen.Int[2, 5]
        select new Case(seconds, after, maxConcurrency, latency, failure, maxAttempts))
        .SampleAsync(CheckAsync, iter: 200, threads: 1);

    [Theory]
    [InlineData(45, 50, 8)]
    [InlineData(100, 50, 8)]
    [InlineData(45, 0, 1)]
    [InlineData(45, 199, 8)]
    [InlineData(45, 199, 1)]
    [InlineData(97, 199, 4, Failure.Hangs)]
    public async Task Nobody_fails_in_an_outage_at_the_beginning_or_the_end(double seconds, int after, int maxConcurrency, Failure failure = Failure.Status503) =>
        await CheckAsync(new Case(seconds, after, maxConcurrency, Latency: 20, failure, MaxAttempts: 5));

    private static async Task CheckAsync(Case drawn)
    {
        EventClock clock = new();
        TimeSpan? beganAt = null;
        int asked = 0;
        ScriptedIssuerClient client = new(async (id, _, cancellationToken) =>
        {
            if (Interlocked.Increment(ref asked) > drawn.After)
                beganAt ??= clock.Now;
            bool isDown = clock.Now >= beganAt && clock.Now < beganAt + TimeSpan.FromSeconds(drawn.Seconds);
            if (isDown && drawn.Failure != Failure.Hangs)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), clock, cancellationToken);
                throw drawn.Failure switch
                {
                    Failure.Status500 => ServiceFailure.Transient(),
                    Failure.Status503 => new HttpRequestException("", null, HttpStatusCode.ServiceUnavailable),
                    _ => new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused."),
                };
            }

            await Task.Delay(isDown ? EventClock.LongWait : TimeSpan.FromMilliseconds(drawn.Latency), clock, cancellationToken);
            return IssuerAnswer.Found([id]);
        });
        IssuerEnrichmentOptions options = new()
        {
            MaxConcurrency = drawn.MaxConcurrency,
            Timeout = new() { Attempt = TimeSpan.FromSeconds(2) },
            Retry = new() { MaxAttempts = drawn.MaxAttempts },
        };
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, options, clock)
            .Stream(Enumerable.Range(0, Ids).Select(id => id.ToString(CultureInfo.InvariantCulture))).ToListAsync().AsTask();

        await clock.RunAsync(run);

        List<EnrichmentOutcome> outcomes = await run;
        string told = $"{drawn}: {clock.Now.TotalSeconds:0.0} s, {client.Attempts} requests, {outcomes.Find(outcome => outcome.Error is not null)?.Error}";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Enriched).Should().Be(Ids, told);
        client.Attempts.Should().BeLessThan(Ids + drawn.MaxConcurrency + 150, told);
        clock.Now.TotalSeconds.Should().BeLessThan(drawn.Seconds + (2 * drawn.Work) + Allowance, "what the outage refused says nothing about a limit, in {0}", told);
    }

    internal sealed record Case(double Seconds, int After, int MaxConcurrency, int Latency, Failure Failure, int MaxAttempts)
    {
        /// <summary>What the issuers take without an outage, in seconds.</summary>
        public double Work => Ids * Latency / 1e3 / MaxConcurrency;
    }
}
