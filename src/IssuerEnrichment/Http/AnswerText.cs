using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>Detects the format of a body by its first byte, before it is parsed.</summary>
internal static class AnswerText
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Returns the JSON of a body without a byte order mark.</summary>
    /// <exception cref="UnexpectedAnswerException">The body is empty, HTML, or not a JSON object or array.</exception>
    public static ReadOnlySpan<byte> OfJson(ReadOnlySpan<byte> body)
    {
        // RFC 8259, section 8.1, allows a reader to ignore the mark; Utf8JsonReader does not ignore it.
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];

        int start = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
            throw new UnexpectedAnswerException("the answer is empty");

        return body[start] switch
        {
            (byte)'{' or (byte)'[' => body,
            (byte)'<' => throw new UnexpectedAnswerException("the answer is HTML, not JSON"),
            _ => throw new UnexpectedAnswerException("the answer is not a JSON object or list"),
        };
    }
}
