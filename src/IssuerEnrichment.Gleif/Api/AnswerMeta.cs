using System.Text.Json;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>The <c>meta</c> object of every response.</summary>
internal sealed record AnswerMeta(AnswerMeta.GoldenCopyMeta? GoldenCopy, AnswerMeta.PaginationMeta? Pagination)
{
    /// <summary>When the data were published; null if this is missing or in an unknown format, which does not invalidate the response.</summary>
    public DateTimeOffset? PublishDate =>
        GoldenCopy is { PublishDate: { ValueKind: JsonValueKind.String } text } && text.TryGetDateTimeOffset(out DateTimeOffset date) ? date : null;

    /// <summary>Describes the source data.</summary>
    internal sealed record GoldenCopyMeta(JsonElement PublishDate);

    /// <summary>The number of rows and pages.</summary>
    internal sealed record PaginationMeta(int? Total, int? LastPage);
}
