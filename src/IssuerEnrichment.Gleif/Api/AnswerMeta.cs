using System.Text.Json;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>What every answer says of itself: <c>meta</c>.</summary>
internal sealed record AnswerMeta(AnswerMeta.GoldenCopyMeta? GoldenCopy, AnswerMeta.PaginationMeta? Pagination)
{
    /// <summary>When the data were published; null where that is not said, or in no form that is known. No answer is worth less for it.</summary>
    public DateTimeOffset? PublishDate =>
        GoldenCopy is { PublishDate: { ValueKind: JsonValueKind.String } text } && text.TryGetDateTimeOffset(out DateTimeOffset date) ? date : null;

    /// <summary>What the data were taken from.</summary>
    internal sealed record GoldenCopyMeta(JsonElement PublishDate);

    /// <summary>Which page this is, of how many rows.</summary>
    internal sealed record PaginationMeta(int? Total, int? LastPage);
}
