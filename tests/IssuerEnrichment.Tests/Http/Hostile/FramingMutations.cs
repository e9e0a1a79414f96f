using System.Text;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>How a body may be delimited, well and badly.</summary>
internal static class FramingMutations
{
    private static readonly string[] Sizes = ["{0:x}", "{0:X}", "000{0:x}", "{0:x};name=value", "{0:x};a=\"b\";c"];

    private static readonly string[] OddSizes =
    [
        "-{0:x}", "+{0:x}", "0x{0:x}", "{0:x}g", "", " ", " {0:x}", "{0:x} ", "{0}", "FFFFFFFFFFFFFFFFF{0:x}", "7FFFFFFFFFFFFFFF", "FFFFFFFF",
        "{0:x}\n", "{0:x};" + new string('x', 20_000),
        new string('0', 20_000) + "{0:x}",
    ];

    private static readonly string[] Ends = ["0\r\n\r\n", "0;x=y\r\n\r\n", "000\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n"];

    private static readonly string[] OddEnds =
        ["", "0", "0\r\n", "0\r\nno trailer\r\n\r\n", "-0\r\n\r\n", "0\r\nX: " + new string('x', 70_000), "0\r\nContent-Length: 1\r\n\r\n"];

    private static readonly string[] OddTransferEncodings =
        ["identity", "gzip", "gzip, chunked", "chunked, gzip", "xchunked", "chunked, chunked", "\vchunked", "CHUNKED ", ""];

    private static readonly CompositeFormat[] OddLengths =
    [
        .. new[]
        {
            "-{0}", "+{0}", "\t{0} ", "{0}, {0}", "{0};", "0x{0:x}", "", "99999999999999999999999", "18446744073709551616", "{0}.0", "1e1",
            "{0}\r\nContent-Length: {0}", "{0}\r\nContent-Length: 7",
            "1\r\nContent-Length: {0}", "0\r\nContent-Length: {0}", "2147483648", "-1",
        }.Select(CompositeFormat.Parse),
    ];

    public static readonly Mutation[] All =
    [
        new("in chunks", draft => Chunk(draft, draft.Pick(Sizes), "\r\n", draft.Pick(Ends))),
        new("in broken chunks", draft =>
        {
            Chunk(draft, draft.Pick(OddSizes), "\r\n", "0\r\n\r\n");
            CloseInDoubt(draft);
        }),
        new("in chunks that end wrongly", draft =>
        {
            Chunk(draft, "{0:x}", draft.Pick("\r\n", "\n", "", "xx"), draft.Pick(OddEnds));
            CloseInDoubt(draft);
        }),
        new("until it closes", draft => draft.Ending = WireEnding.Closes),
        new("shorter than said", draft =>
        {
            SayLength(draft, $"{draft.Content.Length + draft.Pick(1, 2, 1_000, 60_000, 5_000_000_000, long.MaxValue - draft.Content.Length)}");
            draft.Ending = draft.Pick(WireEnding.Closes, WireEnding.Resets);
            if (ReferenceEquals(draft.Content, draft.Body))
                draft.Spoil();
            else
                draft.Doubt(); // What is compressed says by itself where it ends.
        }),
        new("longer than said", draft =>
        {
            int said = draft.Chance.Next(draft.Content.Length + 1);
            SayLength(draft, $"{said}");
            draft.KeepContent(said);
            CloseInDoubt(draft);
        }),
        new("with an odd length", draft =>
        {
            SayLength(draft, string.Format(null, draft.Pick(OddLengths), draft.Content.Length));
            CloseInDoubt(draft);
        }),
        new("with a length and in chunks", draft =>
        {
            SayLength(draft, $"{draft.Pick(0, 5, draft.Content.Length, draft.Content.Length + 5)}");
            Chunk(draft, "{0:x}", "\r\n", "0\r\n\r\n");
            CloseInDoubt(draft);
        }),
        new("with an odd transfer encoding", draft =>
        {
            if (draft.Chance.Next(2) == 0)
                SayLength(draft, $"{draft.Content.Length}");
            draft.Headers.Add($"Transfer-Encoding: {draft.Pick(OddTransferEncodings)}");
            CloseInDoubt(draft);
        }),
    ];

    public static void SayLength(AnswerDraft draft) => SayLength(draft, $"{draft.Content.Length}");

    private static void SayLength(AnswerDraft draft, string length) => draft.Headers.Add($"Content-Length: {length}");

    private static void CloseInDoubt(AnswerDraft draft)
    {
        draft.Ending = WireEnding.Closes;
        draft.Doubt();
    }

    private static void Chunk(AnswerDraft draft, string size, string end, string last)
    {
        CompositeFormat sizes = CompositeFormat.Parse(size);
        using MemoryStream chunks = new();
        for (int at = 0, length; at < draft.Content.Length; at += length)
        {
            length = Math.Min(draft.Chance.Next(1, Math.Max(2, draft.Content.Length)), draft.Content.Length - at);
            chunks.Write(Encoding.Latin1.GetBytes(string.Format(null, sizes, length) + "\r\n"));
            chunks.Write(draft.Content, at, length);
            chunks.Write(Encoding.Latin1.GetBytes(end));
        }

        chunks.Write(Encoding.Latin1.GetBytes(last));
        draft.Content = chunks.ToArray();
        draft.Headers.Add("Transfer-Encoding: chunked");
    }
}
