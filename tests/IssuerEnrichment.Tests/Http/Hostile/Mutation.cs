namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>One way to spoil an answer, or to write it differently.</summary>
internal sealed record Mutation(string Name, Action<AnswerDraft> Apply);
