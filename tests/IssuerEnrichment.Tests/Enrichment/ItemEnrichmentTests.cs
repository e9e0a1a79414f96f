using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Enrichment;

public sealed class ItemEnrichmentTests
{
    private readonly IssuerEnricher _enricher = IssuerEnricher.Create(new ScriptedIssuerClient(
        id => id == "broken" ? throw ServiceFailure.Permanent() : IssuerAnswer.Found([id])));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Applies_what_was_found_to_enriched_objects_only()
    {
        Bond[] bonds = [new("a"), new("broken"), new(null), new("b"), new("a")];

        EnrichmentResult result = await _enricher.EnrichAsync(bonds, bond => bond.Issuer, (bond, found) => bond.Isins = found.Isins, null, Token);

        bonds.Select(bond => bond.Isins?.Single()).Should().Equal("a", null, null, "b", "a");
        result.Outcomes.Select(outcome => outcome.Position).Should().Equal(0, 1, 2, 3, 4);
        result.Outcomes.Select(outcome => outcome.Status).Should().Equal(
            EnrichmentStatus.Enriched, EnrichmentStatus.Failed, EnrichmentStatus.Invalid, EnrichmentStatus.Enriched, EnrichmentStatus.Enriched);
        result.Report.IsBalanced.Should().BeTrue();
    }

    [Fact]
    public async Task Applies_to_one_object_at_a_time()
    {
        int within = 0;
        int applied = 0;

        await _enricher.EnrichAsync(
            Enumerable.Range(0, 2_000),
            id => $"{id}",
            (_, _) =>
            {
                Interlocked.Increment(ref within).Should().Be(1);
                applied++;
                Interlocked.Decrement(ref within);
            },
            new EnrichmentRunOptions { MaxConcurrency = 32 },
            Token);

        applied.Should().Be(2_000);
    }

    [Fact]
    public async Task Null_objects_and_sequences_without_a_length_are_fine()
    {
        EnrichmentResult result = await _enricher.EnrichAsync(
            Bonds(), bond => bond!.Issuer, (bond, found) => bond!.Isins = found.Isins, cancellationToken: Token);

        result.Outcomes.Select(outcome => outcome.Status).Should().Equal(EnrichmentStatus.Invalid, EnrichmentStatus.Enriched);

        static IEnumerable<Bond?> Bonds()
        {
            yield return null;
            yield return new("a");
        }
    }

    [Fact]
    public async Task An_exception_of_the_callers_own_code_ends_the_run_and_reaches_the_caller()
    {
        Func<Task> applying = () => _enricher.EnrichAsync(
            [new Bond("a")], bond => bond.Issuer, (_, _) => throw new NotSupportedException(), cancellationToken: Token).WithTimeout();
        Func<Task> reading = () => _enricher.EnrichAsync(
            [new Bond("a")], _ => throw new NotSupportedException(), (_, _) => { }, cancellationToken: Token).WithTimeout();

        await applying.Should().ThrowAsync<NotSupportedException>();
        await reading.Should().ThrowAsync<NotSupportedException>();
    }

    [Fact]
    public async Task Cancellation_throws_with_the_callers_token()
    {
        GatedIssuerClient client = new();
        using CancellationTokenSource cancellation = new();
        Task<EnrichmentResult> run = IssuerEnricher.Create(client).EnrichAsync(
            [new Bond("a")], bond => bond.Issuer, (_, _) => { }, null, cancellation.Token);
        await client.ReachInFlightAsync(1);

        await cancellation.CancelAsync();

        (await run.Awaiting(run => run.WithTimeout()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Theory]
    [InlineData("items")]
    [InlineData("issuerId")]
    [InlineData("apply")]
    public async Task Misuse_throws_at_once(string missing)
    {
        Bond[]? bonds = missing == "items" ? null : [];
        Func<Bond, string?>? issuerId = missing == "issuerId" ? null : bond => bond.Issuer;
        Action<Bond, EnrichmentOutcome>? apply = missing == "apply" ? null : (_, _) => { };

        await _enricher.Awaiting(enricher => enricher.EnrichAsync(bonds!, issuerId!, apply!, cancellationToken: Token))
            .Should().ThrowAsync<ArgumentNullException>().WithParameterName(missing);
        _enricher.Invoking(enricher => enricher.Enrich(bonds!, issuerId!, apply!, cancellationToken: Token))
            .Should().Throw<ArgumentNullException>().WithParameterName(missing);
    }

    private sealed class Bond(string? issuer)
    {
        public string? Issuer { get; } = issuer;

        public IReadOnlyList<string>? Isins { get; set; }
    }
}
