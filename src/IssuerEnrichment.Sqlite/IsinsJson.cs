using System.Text.Json.Serialization;

namespace IssuerEnrichment.Sqlite;

/// <summary>Lists of ISINs as JSON arrays.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class IsinsJson : JsonSerializerContext;
