using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IssuerEnrichment.Gleif.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IsinsAnswer))]
[JsonSerializable(typeof(RecordAnswer))]
[JsonSerializable(typeof(RecordsAnswer))]
internal sealed partial class GleifJson : JsonSerializerContext
{
    /// <summary>Deserializes a response. JSON is UTF-8 (RFC 8259, section 8.1), whatever the header says.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContent content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Stream json = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await JsonSerializer.DeserializeAsync(json, type, cancellationToken).ConfigureAwait(false);
    }
}
