namespace IssuerEnrichment.Gleif.Api;

/// <summary>The answer to <c>/lei-records?filter[lei]=A,B,...</c>: the records of those that are known, in any order.</summary>
internal sealed record RecordsAnswer(AnswerMeta? Meta, IReadOnlyList<LeiRecord>? Data);
