using System.IO.Compression;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>How a body may be compressed, or only be said to be.</summary>
internal static class EncodingMutations
{
    private static readonly string[] Codings = ["gzip", "deflate", "br"];

    // Ten kilobytes on the wire, ten megabytes in memory.
    private static readonly Lazy<byte[]> Bomb = new(() => Compress([(byte)'[', .. new byte[10_000_000]], "gzip"));

    public static readonly Mutation[] All =
    [
        new("compressed", draft => Encode(draft, draft.Pick(Codings), says: null)),
        new("compressed, but not said", draft => draft.Content = draft.Body = Compress(draft.Body, draft.Pick(Codings))),
        new("said to be compressed", draft =>
        {
            draft.Headers.Add($"Content-Encoding: {draft.Pick(Codings)}");
            draft.Spoil();
        }),
        new("compressed otherwise than said", draft =>
        {
            string coding = draft.Pick(Codings);
            Encode(draft, coding, draft.Pick([.. Codings.Where(other => other != coding), "gzip, gzip", "zstd", "identity", "", "x-gzip"]));
            draft.Doubt();
        }),
        new("not compressed, but said oddly", draft =>
        {
            draft.Headers.Add($"Content-Encoding: {draft.Pick("identity", "", "none", "utf-8", "zstd", ", ,", "gzip;q=0")}");
            draft.Doubt();
        }),
        new("compressed and damaged", draft =>
        {
            Encode(draft, draft.Pick("gzip", "deflate"), says: null); // Brotli has no checksum.
            if (draft.Content.Length > 0)
                draft.Content[draft.Chance.Next(draft.Content.Length)] ^= (byte)(1 << draft.Chance.Next(8));
            draft.Doubt();
        }),
        new("compressed and cut", draft =>
        {
            draft.Body = draft.PlainBody; // Others may be good answers up to the cut.
            Encode(draft, draft.Pick(Codings), says: null);
            draft.Content = draft.Content[..draft.Chance.Next(draft.Content.Length)];
            draft.Doubt();
        }),
        new("a bomb", draft =>
        {
            draft.Content = Bomb.Value;
            draft.Headers.Add("Content-Encoding: gzip");
            draft.Spoil();
        }),
    ];

    private static void Encode(AnswerDraft draft, string coding, string? says)
    {
        draft.Content = Compress(draft.Body, coding);
        draft.Headers.Add($"Content-Encoding: {says ?? coding}");
    }

    private static byte[] Compress(byte[] body, string coding)
    {
        using MemoryStream compressed = new();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest),
            _ => new BrotliStream(compressed, CompressionLevel.Fastest),
        })
            stream.Write(body);
        return compressed.ToArray();
    }
}
