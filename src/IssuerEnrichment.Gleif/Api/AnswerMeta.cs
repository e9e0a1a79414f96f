namespace IssuerEnrichment.Gleif.Api;

/// <summary>What every answer says of itself: <c>meta</c>.</summary>
internal sealed record AnswerMeta(AnswerMeta.GoldenCopyMeta? GoldenCopy, AnswerMeta.PaginationMeta? Pagination)
{
    /// <summary>When the data were published.</summary>
    internal sealed record GoldenCopyMeta(DateTimeOffset? PublishDate);

    /// <summary>Which page this is, of how many rows.</summary>
    internal sealed record PaginationMeta(int? Total, int? LastPage);
}
