namespace IssuerEnrichment;

/// <summary>
/// Determines the type from GLEIF's category of the entity: central government → <c>Sovereign</c>, state or local government →
/// <c>Municipality</c>, social security → <c>PublicEntity</c>, international organization → <c>Supranational</c>, fund → <c>Fund</c>.
/// </summary>
/// <remarks>
/// Most entities are <c>GENERAL</c>, which is not conclusive; those are left to another classifier. The same applies to answers without a category,
/// such as those from the daily file. Stateless and thread-safe.
/// </remarks>
/// <param name="otherwise">The classifier to use if the category is not conclusive.</param>
public sealed class GleifIssuerTypeClassifier(IIssuerTypeClassifier otherwise) : IIssuerTypeClassifier
{
    private static readonly IssuerTypeDecision CentralGovernment =
        new(IssuerType.Sovereign, "GLEIF's sub-category is CENTRAL_GOVERNMENT.");

    private static readonly IssuerTypeDecision StateGovernment =
        new(IssuerType.Municipality, "GLEIF's sub-category is STATE_GOVERNMENT.");

    private static readonly IssuerTypeDecision LocalGovernment =
        new(IssuerType.Municipality, "GLEIF's sub-category is LOCAL_GOVERNMENT.");

    private static readonly IssuerTypeDecision SocialSecurity =
        new(IssuerType.Of("PublicEntity"), "GLEIF's sub-category is SOCIAL_SECURITY.");

    private static readonly IssuerTypeDecision InternationalOrganization =
        new(IssuerType.Of("Supranational"), "GLEIF's category is INTERNATIONAL_ORGANIZATION.");

    private static readonly IssuerTypeDecision Fund = new(IssuerType.Of("Fund"), "GLEIF's category is FUND.");

    /// <inheritdoc/>
    public IssuerTypeDecision Classify(in IssuerTypeEvidence evidence) => (FactOf(evidence, GleifFact.Category), FactOf(evidence, GleifFact.SubCategory)) switch
    {
        (_, "CENTRAL_GOVERNMENT") => CentralGovernment,
        (_, "STATE_GOVERNMENT") => StateGovernment,
        (_, "LOCAL_GOVERNMENT") => LocalGovernment,
        (_, "SOCIAL_SECURITY") => SocialSecurity,
        ("INTERNATIONAL_ORGANIZATION", _) => InternationalOrganization,
        ("FUND", _) => Fund,
        _ => otherwise.Classify(evidence),
    };

    private static string? FactOf(in IssuerTypeEvidence evidence, string fact) => evidence.Provenance?.Facts.GetValueOrDefault(fact);
}
