using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>Reads the value of an attribute at a path of a response.</summary>
internal sealed class JsonAnswerReader<T>(string path, JsonTypeInfo<T> type) : IAnswerReader
    where T : notnull
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = IsinsReader.MaxDepth };

    private readonly AnswerPath _path = AnswerPath.Parse(path);

    public string Path => path;

    public object Read(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader json = new(AnswerText.OfJson(body), Options);
        try
        {
            json.Read();
            for (int segment = 0; segment < _path.Segments.Length; segment++)
                Enter(ref json, segment);
            T? value = ReadValue(ref json);

            // Read to the end, so that a truncated response is never an answer.
            while (json.Read())
            {
            }

            return value ?? throw new UnexpectedAnswerException($"{_path.Describe(_path.Segments.Length)} is null, not {AnswerFormat.NameOf(typeof(T))}");
        }
        catch (JsonException broken)
        {
            // The message of the exception quotes the body, so only the position is used.
            throw new UnexpectedAnswerException(
                $"the answer is not valid JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1})");
        }
    }

    private void Enter(ref Utf8JsonReader json, int segment)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new UnexpectedAnswerException($"{_path.Describe(segment)} is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isNamed = IsNamed(json, _path.Segments[segment]);
            json.Read();
            if (isNamed)
                return;
            json.Skip();
        }

        throw new UnexpectedAnswerException($"{_path.Describe(segment + 1)} is missing");
    }

    private T? ReadValue(ref Utf8JsonReader json)
    {
        long start = json.TokenStartIndex;
        try
        {
            return JsonSerializer.Deserialize(ref json, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new UnexpectedAnswerException($"{_path.Describe(_path.Segments.Length)} (at byte {start + 1}) is not {AnswerFormat.NameOf(typeof(T))}");
        }
    }

    private static bool IsNamed(in Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        try
        {
            return json.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair.
            return false;
        }
    }
}
