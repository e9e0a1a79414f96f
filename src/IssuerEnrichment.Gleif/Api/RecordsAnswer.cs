namespace IssuerEnrichment.Gleif.Api;

/// <summary>The response to <c>/lei-records?filter[lei]=A,B,...</c>: the records of the known LEIs, in any order.</summary>
internal sealed record RecordsAnswer(AnswerMeta? Meta, IReadOnlyList<LeiRecord>? Data);
