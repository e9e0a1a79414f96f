using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace IssuerEnrichment.Http;

/// <summary>The body of an answer without its compression.</summary>
/// <remarks>
/// <see cref="SocketsHttpHandler"/> would decompress by itself, but builds and writes the header that offers it piece by piece: over loopback that took
/// the tenth part of what a whole lookup takes.
/// </remarks>
internal sealed class DecodedContent : HttpContent
{
    /// <summary>The codings that are asked for (RFC 9110, section 12.5.3); not "deflate", which some services take for another one than that of section 8.4.1.2.</summary>
    public const string Accepted = "gzip, br";

    private readonly HttpContent _coded;
    private readonly Func<Stream, Stream> _decode;

    private DecodedContent(HttpContent coded, Func<Stream, Stream> decode)
    {
        _coded = coded;
        _decode = decode;
        foreach ((string name, HeaderStringValues values) in coded.Headers.NonValidated)
        {
            if (name is not ("Content-Encoding" or "Content-Length"))
                Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Decodes a body as its header says. One with a coding that is not known stays as it is: most often the header is wrong.</summary>
    public static HttpContent Of(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues coding) && DecoderOf(coding.ToString()) is { } decode
            ? new DecodedContent(content, decode)
            : content;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Stream body = _decode(await _coded.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        await using (body.ConfigureAwait(false))
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = _decode(_coded.ReadAsStream(cancellationToken));
        body.CopyTo(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _coded.Dispose();
        base.Dispose(disposing);
    }

    // Section 8.4.1, where all names may be in any case and "x-gzip" is another one for "gzip".
    private static Func<Stream, Stream>? DecoderOf(string coding) => coding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => static body => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => static body => new ZLibStream(body, CompressionMode.Decompress),
        "br" => static body => new BrotliStream(body, CompressionMode.Decompress),
        _ => null,
    };
}
