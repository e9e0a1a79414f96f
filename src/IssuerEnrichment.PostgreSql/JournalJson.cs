using System.Text.Json.Serialization;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Serializes provenance to JSON.</summary>
[JsonSerializable(typeof(AnswerProvenance))]
internal sealed partial class JournalJson : JsonSerializerContext;
