using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Enrichment;

public sealed class DocumentEnrichmentTests
{
    private readonly IssuerEnricher _enricher = IssuerEnricher.Create(new ScriptedIssuerClient(id => id switch
    {
        "broken" => throw ServiceFailure.Permanent(),
        "unknown" => IssuerAnswer.NotFound,
        "none" => IssuerAnswer.Found([]),
        _ => IssuerAnswer.Found(["US0378331005", id]),
    }));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Issuers_come_back_enriched_in_the_order_of_the_document()
    {
        IssuerDocument document = new([new Issuer("a"), new Issuer("b"), new Issuer("none")], ["Sovereign", "Banks"]);

        DocumentEnrichmentResult result = await _enricher.EnrichAsync(document, cancellationToken: Token);

        result.Document.Issuers.Should().BeEquivalentTo(
            [
                new Issuer("a", ["US0378331005", "a"], IssuerType.Sovereign),
                new Issuer("b", ["US0378331005", "b"], IssuerType.Sovereign),
                new Issuer("none", [], IssuerType.Sovereign),
            ],
            options => options.WithStrictOrdering());
        result.Document.MarketSectors.Should().BeSameAs(document.MarketSectors);
        result.Outcomes.Select(outcome => outcome.IssuerId).Should().Equal("a", "b", "none");
        result.Report.Should().Match<EnrichmentReport>(report => report.Enriched == 3 && report.IsBalanced);
    }

    [Fact]
    public async Task The_document_given_stays_as_it_is()
    {
        IssuerDocument document = new([new Issuer("a")]);

        await _enricher.EnrichAsync(document, cancellationToken: Token);

        document.Issuers.Should().Equal(new Issuer("a"));
    }

    [Theory]
    [InlineData("broken", EnrichmentStatus.Failed)]
    [InlineData("unknown", EnrichmentStatus.NotFound)]
    [InlineData("", EnrichmentStatus.Invalid)]
    public async Task An_issuer_that_was_not_enriched_keeps_isins_and_type_unset(string id, EnrichmentStatus status)
    {
        DocumentEnrichmentResult result = await _enricher.EnrichAsync(
            new IssuerDocument([new Issuer(id), new Issuer("a")], ["Sovereign"]), cancellationToken: Token);

        result.Document.Issuers[0].Should().Be(new Issuer(id));
        result.Outcomes[0].Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == status && outcome.Isins == null && outcome.Type == null && outcome.TypeRule == null && outcome.Error != null);
        result.Document.Issuers[1].Type.Should().Be(IssuerType.Sovereign);
    }

    [Fact]
    public async Task An_issuer_enriched_before_keeps_what_it_had_when_the_service_fails()
    {
        Issuer before = new("broken", ["DE0001102580"], IssuerType.Sovereign);

        DocumentEnrichmentResult result = await _enricher.EnrichAsync(new IssuerDocument([before]), cancellationToken: Token);

        result.Document.Issuers[0].Should().BeSameAs(before);
    }

    [Theory]
    [InlineData("Corporate")]
    [InlineData("Municipality", "Provinces and Municipalities", "Sovereign")]
    [InlineData("Sovereign", "Sovereign", "Provinces and Municipalities")]
    [InlineData("Corporate", "Banks", "Sovereign")]
    public async Task Type_follows_from_the_first_market_sector(string type, params string[] sectors)
    {
        DocumentEnrichmentResult result = await _enricher.EnrichAsync(new IssuerDocument([new Issuer("a")], sectors), cancellationToken: Token);

        result.Document.Issuers[0].Type.Should().Be(IssuerType.Of(type));
        result.Outcomes[0].TypeRule.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_sector_that_no_rule_knows_is_reported_once()
    {
        DocumentEnrichmentResult result = await _enricher.EnrichAsync(
            new IssuerDocument([new Issuer("a"), new Issuer("b")], ["Space Mining"]), cancellationToken: Token);

        result.Report.UnknownMarketSectors.Should().Equal("Space Mining");
    }

    [Fact]
    public async Task The_sectors_of_the_document_take_the_place_of_those_of_the_options()
    {
        DocumentEnrichmentResult result = await _enricher.EnrichAsync(
            new IssuerDocument([new Issuer("a")]), new EnrichmentRunOptions { MarketSectors = ["Sovereign"] }, Token);

        result.Document.Issuers[0].Type.Should().Be(IssuerType.Corporate);
    }

    [Fact]
    public async Task A_document_without_issuers_and_one_with_a_null_issuer_are_enriched_too()
    {
        (await _enricher.EnrichAsync(new IssuerDocument(null), cancellationToken: Token)).Document.Issuers.Should().BeEmpty();

        DocumentEnrichmentResult result = await _enricher.EnrichAsync(new IssuerDocument([null!, new Issuer("a")]), cancellationToken: Token);
        result.Outcomes.Select(outcome => outcome.Status).Should().Equal(EnrichmentStatus.Invalid, EnrichmentStatus.Enriched);
        result.Document.Issuers[0].Should().BeNull();
    }

    [Fact]
    public async Task An_isin_with_a_wrong_check_digit_is_flagged_and_kept()
    {
        EnrichmentOutcome outcome = (await _enricher.EnrichAsync(new IssuerDocument([new Issuer("US0378331006")]), cancellationToken: Token))
            .Outcomes.Single();

        outcome.Isins.Should().Equal("US0378331005", "US0378331006");
        outcome.MalformedIsins.Should().Equal("US0378331006");
    }

    [Fact]
    public void The_blocking_method_gives_the_same_result()
    {
        DocumentEnrichmentResult result = _enricher.Enrich(
            new IssuerDocument([new Issuer("a"), new Issuer("broken")], ["Sovereign"]), cancellationToken: Token);

        result.Document.Issuers.Should().BeEquivalentTo(
            [new Issuer("a", ["US0378331005", "a"], IssuerType.Sovereign), new Issuer("broken")], options => options.WithStrictOrdering());
        result.Report.Should().Match<EnrichmentReport>(report => report.Enriched == 1 && report.Failed == 1 && report.IsBalanced);
    }

    [Fact]
    public async Task Misuse_throws_at_once()
    {
        await _enricher.Awaiting(enricher => enricher.EnrichAsync((IssuerDocument)null!, cancellationToken: Token))
            .Should().ThrowAsync<ArgumentNullException>().WithParameterName("document");
        _enricher.Invoking(enricher => enricher.Enrich((IssuerDocument)null!, cancellationToken: Token))
            .Should().Throw<ArgumentNullException>().WithParameterName("document");
        await ((IIssuerEnricher)null!).Awaiting(enricher => enricher.EnrichAsync(new IssuerDocument([]), cancellationToken: Token))
            .Should().ThrowAsync<ArgumentNullException>().WithParameterName("enricher");
    }
}
