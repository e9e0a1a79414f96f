namespace IssuerEnrichment.Gleif.Api;

/// <summary>One page of <c>/lei-records/{lei}/isins</c>. Links are ignored, because page numbers cannot lead to another address.</summary>
internal sealed record IsinsAnswer(AnswerMeta? Meta, IReadOnlyList<IsinsAnswer.Row>? Data)
{
    /// <summary>One ISIN. The id belongs to the row.</summary>
    internal sealed record Row(string? Id, RowAttributes? Attributes);

    internal sealed record RowAttributes(string? Lei, string? Isin);
}
