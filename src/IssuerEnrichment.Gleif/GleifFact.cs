namespace IssuerEnrichment;

/// <summary>The keys of GLEIF's facts about an issuer in <see cref="AnswerProvenance.Facts"/>.</summary>
public static class GleifFact
{
    /// <summary>The legal name.</summary>
    public const string Name = "name";

    /// <summary>The category of the entity, such as <c>GENERAL</c> or <c>RESIDENT_GOVERNMENT_ENTITY</c>.</summary>
    public const string Category = "category";

    /// <summary>The sub-category of a government entity, such as <c>CENTRAL_GOVERNMENT</c>.</summary>
    public const string SubCategory = "subCategory";
}
