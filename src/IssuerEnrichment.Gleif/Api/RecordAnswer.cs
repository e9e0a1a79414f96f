namespace IssuerEnrichment.Gleif.Api;

/// <summary>The response to <c>/lei-records/{lei}</c>.</summary>
internal sealed record RecordAnswer(AnswerMeta? Meta, LeiRecord? Data);
