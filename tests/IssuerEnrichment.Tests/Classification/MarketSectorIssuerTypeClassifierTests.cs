namespace IssuerEnrichment.Tests.Classification;

public sealed class MarketSectorIssuerTypeClassifierTests
{
    private readonly MarketSectorIssuerTypeClassifier _classifier = new();

    [Fact]
    public void No_market_sectors_make_a_corporate() =>
        Classify([]).Should().Be(new IssuerTypeDecision(IssuerType.Corporate, "There is no market sector."));

    [Fact]
    public void Null_is_no_market_sectors()
    {
        Classify(null).Should().BeSameAs(Classify([]));
        _classifier.Classify(default).Should().BeSameAs(Classify([]));
    }

    [Fact]
    public void A_first_sector_of_provinces_and_municipalities_makes_a_municipality() =>
        Classify(["Provinces and Municipalities"]).Should().Be(new IssuerTypeDecision(
            IssuerType.Municipality, "The first market sector is 'Provinces and Municipalities'."));

    [Fact]
    public void A_first_sector_of_sovereign_makes_a_sovereign() =>
        Classify(["Sovereign"]).Should().Be(new IssuerTypeDecision(IssuerType.Sovereign, "The first market sector is 'Sovereign'."));

    [Theory]
    [InlineData("Banks")]
    [InlineData("Corporate")]
    [InlineData("Sovereigns")]
    [InlineData("sovereign")]
    [InlineData("SOVEREIGN")]
    [InlineData("Sovereign ")]
    [InlineData(" Sovereign")]
    [InlineData("Provinces And Municipalities")]
    [InlineData("Provinces and Municipalities ")]
    [InlineData("Sovereign\u00AD")] // A soft hyphen, which a culture would ignore.
    [InlineData("")]
    public void Any_other_first_sector_makes_a_corporate_and_is_reported(string sector) =>
        Classify([sector]).Should().Be(new IssuerTypeDecision(IssuerType.Corporate, "There is no rule for the first market sector.", sector));

    [Fact]
    public void A_null_first_sector_is_a_sector_that_no_rule_knows() =>
        Classify([null!, "Sovereign"]).Should().Be(new IssuerTypeDecision(
            IssuerType.Corporate, "There is no rule for the first market sector.", UnknownSector: ""));

    [Theory]
    [InlineData("Sovereign", "Provinces and Municipalities", "Sovereign")]
    [InlineData("Provinces and Municipalities", "Sovereign", "Municipality")]
    [InlineData("Banks", "Sovereign", "Corporate")]
    public void Only_the_first_of_several_sectors_counts(string first, string second, string type) =>
        Classify([first, second]).Should().Be(Classify([first])).And.Match<IssuerTypeDecision>(decision => decision.Type.Name == type);

    [Fact]
    public void The_classifier_ignores_the_issuer() =>
        _classifier.Classify(new IssuerTypeEvidence("Provinces and Municipalities", ["Sovereign"])).Type.Should().Be(IssuerType.Sovereign);

    [Theory]
    [InlineData]
    [InlineData("Sovereign")]
    [InlineData("Provinces and Municipalities", "Banks")]
    public void A_known_decision_allocates_nothing(params string[] sectors)
    {
        IssuerTypeEvidence evidence = new("1", sectors);

        Allocations.During(() => _classifier.Classify(evidence)).Should().Be(0);
    }

    private IssuerTypeDecision Classify(IReadOnlyList<string>? sectors) => _classifier.Classify(new IssuerTypeEvidence("1", sectors));
}
