using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>Tells by its first byte what a body is, before anything parses it.</summary>
internal static class AnswerText
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>The JSON of a body, without a byte order mark.</summary>
    /// <exception cref="UnexpectedAnswerException">The body is empty, HTML, or no JSON object or list.</exception>
    public static ReadOnlySpan<byte> OfJson(ReadOnlySpan<byte> body)
    {
        // RFC 8259, section 8.1, lets a reader ignore the mark; Utf8JsonReader does not.
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];

        int start = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
            throw new UnexpectedAnswerException("the answer is empty");

        return body[start] switch
        {
            (byte)'{' or (byte)'[' => body,
            (byte)'<' => throw new UnexpectedAnswerException("the answer is HTML, not JSON"),
            _ => throw new UnexpectedAnswerException("the answer is no JSON object or list"),
        };
    }
}
