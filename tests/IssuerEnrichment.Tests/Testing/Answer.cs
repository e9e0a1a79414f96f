namespace IssuerEnrichment.Tests.Testing;

/// <summary>The correct answer as a client reads it.</summary>
internal sealed record Answer(AnswerData Data);

internal sealed record AnswerData(string Id, IReadOnlyList<string> Isins);
