using System.Buffers;
using System.Text.Json;
using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>Reads one response along an <see cref="AnswerPath"/>.</summary>
/// <remarks>
/// Allocates only the ISINs: names are compared as UTF-8, and everything off the path is skipped. The reader is told that more text may follow, to
/// distinguish a truncated response from a malformed one.
/// </remarks>
internal ref struct IsinsReader(AnswerPath path, ReadOnlySpan<byte> json)
{
    /// <summary>The maximum depth of nesting, to bound the recursion. No known service comes close to it.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte[]> _segments = path.Segments;
    private Utf8JsonReader _json = new(json, isFinalBlock: false, new JsonReaderState(new() { MaxDepth = MaxDepth }));
    private string[] _found = [];
    private int _count;

    /// <summary>Reads the response to its last byte. Can be called once.</summary>
    /// <exception cref="UnexpectedAnswerException">The response is malformed, or its shape does not match the path.</exception>
    public IReadOnlyList<string> Read()
    {
        try
        {
            Advance();
            Walk(0);
            _json.Read(); // Throws if anything follows the document.
            return _found.AsSpan(0, _count).ToArray();
        }
        catch (JsonException broken)
        {
            // The message of the exception quotes the body, so only the position is used.
            throw new UnexpectedAnswerException(
                $"the answer is not valid JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1})");
        }
        finally
        {
            Release();
        }
    }

    private void Walk(int segment)
    {
        if (segment == _segments.Length)
            WalkIsins();
        else if (_json.TokenType == JsonTokenType.StartObject)
            WalkProperties(segment);
        else if (_json.TokenType == JsonTokenType.StartArray)
            while (Advance() != JsonTokenType.EndArray)
                Walk(segment);
        else
            throw Mismatch(segment, $"holds {Kind()} where an object is expected");
    }

    private void WalkProperties(int segment)
    {
        bool found = false;
        while (Advance() != JsonTokenType.EndObject)
        {
            bool named = IsNamed(_segments[segment]);
            Advance();
            if (!named)
                Skip();
            else if (found)
                throw new UnexpectedAnswerException($"{path.Describe(segment + 1)} occurs twice");
            else
                Walk(segment + 1);

            found |= named;
        }

        if (!found)
            throw Mismatch(segment + 1, "is missing");
    }

    private void WalkIsins()
    {
        if (_json.TokenType == JsonTokenType.String)
            Add();
        else if (_json.TokenType == JsonTokenType.StartArray)
            while (Advance() != JsonTokenType.EndArray)
                Add();
        else
            throw Mismatch(_segments.Length, $"is {Kind()}, not a list of ISINs");
    }

    private void Add()
    {
        if (_json.TokenType != JsonTokenType.String)
            throw Mismatch(_segments.Length, $"holds {Kind()} where an ISIN is expected");

        if (_count == _found.Length)
        {
            string[] larger = ArrayPool<string>.Shared.Rent(Math.Max(16, 2 * _count));
            _found.CopyTo(larger, 0);
            Release();
            _found = larger;
        }

        try
        {
            _found[_count] = _json.GetString()!;
            _count++;
        }
        catch (InvalidOperationException)
        {
            throw new UnexpectedAnswerException($"{path.Describe(_segments.Length)} holds an ISIN that is not valid Unicode");
        }
    }

    private readonly bool IsNamed(ReadOnlySpan<byte> name)
    {
        try
        {
            return _json.ValueTextEquals(name);
        }
        catch (InvalidOperationException) // An escaped half of a surrogate pair: not our name, and none of our business.
        {
            return false;
        }
    }

    private JsonTokenType Advance() => _json.Read() ? _json.TokenType : throw Truncated();

    private void Skip()
    {
        if (!_json.TrySkip())
            throw Truncated();
    }

    private readonly void Release()
    {
        _found.AsSpan(0, _count).Clear();
        ArrayPool<string>.Shared.Return(_found);
    }

    // The response has another shape than the path says, which the user can change.
    private readonly UnexpectedAnswerException Mismatch(int segments, string what) =>
        new($"{path.Describe(segments)} {what}; AnswerPath says where the ISINs are");

    private static UnexpectedAnswerException Truncated() => new("the answer ends in the middle (truncated)");

    private readonly string Kind() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
