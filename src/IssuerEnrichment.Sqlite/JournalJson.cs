using System.Text.Json.Serialization;

namespace IssuerEnrichment.Sqlite;

/// <summary>Serializes lists of ISINs, and provenance, to JSON.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(AnswerProvenance))]
internal sealed partial class JournalJson : JsonSerializerContext;
