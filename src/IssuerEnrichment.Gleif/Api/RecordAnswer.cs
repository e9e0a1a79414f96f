namespace IssuerEnrichment.Gleif.Api;

/// <summary>The answer to <c>/lei-records/{lei}</c>.</summary>
internal sealed record RecordAnswer(AnswerMeta? Meta, LeiRecord? Data);
