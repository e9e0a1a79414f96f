using System.Text.Json.Serialization;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Lists of ISINs, and provenance, as JSON.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(AnswerProvenance))]
internal sealed partial class JournalJson : JsonSerializerContext;
