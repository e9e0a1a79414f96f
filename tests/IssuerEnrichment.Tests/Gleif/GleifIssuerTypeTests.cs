namespace IssuerEnrichment.Tests.Gleif;

public sealed class GleifIssuerTypeTests
{
    private readonly GleifIssuerTypeClassifier _classifier = new(new MarketSectorIssuerTypeClassifier());

    [Theory]
    [InlineData("RESIDENT_GOVERNMENT_ENTITY", "CENTRAL_GOVERNMENT", "Sovereign")]
    [InlineData("RESIDENT_GOVERNMENT_ENTITY", "STATE_GOVERNMENT", "Municipality")]
    [InlineData("RESIDENT_GOVERNMENT_ENTITY", "LOCAL_GOVERNMENT", "Municipality")]
    [InlineData("RESIDENT_GOVERNMENT_ENTITY", "SOCIAL_SECURITY", "PublicEntity")]
    [InlineData("INTERNATIONAL_ORGANIZATION", null, "Supranational")]
    [InlineData("FUND", null, "Fund")]
    [InlineData("GENERAL", null, "Municipality")]
    [InlineData("RESIDENT_GOVERNMENT_ENTITY", null, "Municipality")]
    [InlineData(null, null, "Municipality")]
    public void What_gleif_says_of_the_entity_decides_and_the_market_sector_where_it_says_nothing(string? category, string? subCategory, string type)
    {
        Dictionary<string, string> facts = [];
        if (category is not null)
            facts.Add(GleifFact.Category, category);
        if (subCategory is not null)
            facts.Add(GleifFact.SubCategory, subCategory);

        IssuerTypeDecision decision = _classifier.Classify(new IssuerTypeEvidence("1", ["Provinces and Municipalities"])
        {
            Provenance = new AnswerProvenance("GLEIF API") { RetrievedAt = default, Facts = facts },
        });

        decision.Type.Name.Should().Be(type);
        decision.Rule.Should().Contain(decision.Type.Name == "Municipality" && subCategory is null ? "market sector" : "GLEIF");
    }

    [Fact]
    public void Without_any_provenance_the_market_sector_decides() =>
        _classifier.Classify(new IssuerTypeEvidence("1", ["Sovereign"])).Type.Should().Be(IssuerType.Sovereign);

    [Fact]
    public async Task A_lone_state_is_told_by_its_record()
    {
        Entity state = Entity.Create(1, isins: 1) with { Category = "RESIDENT_GOVERNMENT_ENTITY", SubCategory = "CENTRAL_GOVERNMENT" };
        await using GleifService gleif = await GleifService.StartAsync(new GleifData(state), extend: builder => builder.UseGleifIssuerTypes());

        EnrichmentOutcome outcome = await gleif.AskAsync(state.Lei);

        outcome.Type.Should().Be(IssuerType.Sovereign);
        outcome.TypeRule.Should().Be("GLEIF's sub-category is CENTRAL_GOVERNMENT.");
    }
}
