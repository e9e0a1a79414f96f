using System.Text;
using System.Text.Json;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>Reads <c>data.isins</c> in the plainest way, as a second opinion on the library's reader.</summary>
internal static class PlainReader
{
    private static readonly string[] Path = ["data", "isins"];

    /// <summary>The ISINs of an answer; null where it is no answer.</summary>
    public static IReadOnlyList<string>? Read(byte[] body)
    {
        try
        {
            ReadOnlyMemory<byte> json = body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? body.AsMemory(3) : body;
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? [.. IsinsIn(document.RootElement, Path)] : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // InvalidOperationException comes from JsonElement, for another kind of value or for text that is not Unicode, and from Single.
    private static IEnumerable<string> IsinsIn(JsonElement element, ReadOnlyMemory<string> path) => path.Length switch
    {
        0 when element.ValueKind == JsonValueKind.Array => element.EnumerateArray().Select(TextOf),
        0 => [TextOf(element)],
        _ when element.ValueKind == JsonValueKind.Array => element.EnumerateArray().SelectMany(item => IsinsIn(item, path)),
        _ => IsinsIn(element.EnumerateObject().Single(property => IsNamed(property, path.Span[0])).Value, path[1..]),
    };

    private static string TextOf(JsonElement element) => element.GetString() ?? throw new InvalidOperationException("null is no ISIN");

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.Name == name;
        }
        catch (InvalidOperationException)
        {
            return false; // Not Unicode, so another name.
        }
    }
}
