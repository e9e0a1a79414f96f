using System.IO.Compression;
using System.Text;
using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Http;

public sealed class DecodedContentTests
{
    private const string Text = "The issuer's ISINs, and then some.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_coding_is_undone_however_the_body_is_read(string coding)
    {
        (await Coded(coding).ReadAsStringAsync(Token)).Should().Be(Text);

        using StreamReader reader = new(Coded(coding).ReadAsStream(Token));
        (await reader.ReadToEndAsync(Token)).Should().Be(Text);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("utf-8")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public void A_body_whose_coding_is_not_known_stays_as_it_is(string coding)
    {
        StringContent content = new(Text);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);

        DecodedContent.Of(content).Should().BeSameAs(content);
    }

    [Fact]
    public async Task Only_the_headers_that_tell_of_the_coded_body_are_gone()
    {
        HttpContent content = Coded("gzip");

        (await content.ReadAsByteArrayAsync(Token)).Should().HaveCount(Text.Length);
        content.Headers.ContentEncoding.Should().BeEmpty();
        content.Headers.ContentLength.Should().Be(Text.Length);
        content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        content.Headers.ContentLanguage.Should().Equal("en", "de");
    }

    [Fact]
    public void Disposing_the_content_disposes_the_encoded_body()
    {
        MemoryStream body = new();
        StreamContent coded = new(body) { Headers = { ContentEncoding = { "br" } } };

        DecodedContent.Of(coded).Dispose();

        body.CanRead.Should().BeFalse();
    }

    private static HttpContent Coded(string coding)
    {
        using MemoryStream body = new();
        using (Stream encoder = coding switch
        {
            "deflate" => new ZLibStream(body, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(body, CompressionMode.Compress, leaveOpen: true),
            _ => new GZipStream(body, CompressionMode.Compress, leaveOpen: true),
        })
            encoder.Write(Encoding.UTF8.GetBytes(Text));
        ByteArrayContent content = new(body.ToArray());
        content.Headers.ContentLength = body.Length;
        content.Headers.ContentType = new("text/plain");
        content.Headers.ContentLanguage.Add("en");
        content.Headers.ContentLanguage.Add("de");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return DecodedContent.Of(content);
    }
}
