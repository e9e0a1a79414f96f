using System.Text;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>What may happen to an answer on its way.</summary>
internal static class WireMutations
{
    public static readonly Mutation[] All =
    [
        new("in pieces", draft => draft.Pieces = draft.Chance.Next(2, 30)),
        new("closed", draft => draft.Ending = WireEnding.Closes),
        new("reset behind", draft => EndInDoubt(draft, WireEnding.Resets)),
        new("broken off", draft => Cut(draft, draft.Pick(WireEnding.Closes, WireEnding.Resets))),
        new("with a damaged head", Damage),
        new("junk before", draft => Precede(draft, draft.Pick("\r\n", "\n", "\0", "\u00ef\u00bb\u00bf", " ", "HTTP/1.1 ", "\r\n\r\n\r\n"))),
        new("another answer behind", Follow),
    ];

    /// <summary>Those that cost a client its whole timeout.</summary>
    public static readonly Mutation[] Slow =
    [
        new("hanging", draft => Cut(draft, WireEnding.Hangs)),
        new("without end", Continue),
    ];

    private static void EndInDoubt(AnswerDraft draft, WireEnding ending)
    {
        draft.Ending = ending;
        draft.Doubt();
    }

    private static void Cut(AnswerDraft draft, WireEnding ending)
    {
        int length = draft.Chance.Next(draft.Wire.Length);
        draft.Wire = draft.Wire[..length];
        draft.KeepContent(Math.Max(0, length - draft.HeadLength));
        EndInDoubt(draft, ending);
    }

    private static void Damage(AnswerDraft draft)
    {
        if (draft.IsLedOn)
            return; // It might lead to another issuer's answer.
        for (int flips = draft.Chance.Next(1, 4); flips > 0; flips--)
            draft.Wire[draft.Chance.Next(draft.HeadLength)] ^= (byte)(1 << draft.Chance.Next(8));
        draft.Ending = WireEnding.Closes;
        draft.DoubtHead();
    }

    private static void Precede(AnswerDraft draft, string junk)
    {
        draft.Wire = [.. Encoding.Latin1.GetBytes(junk), .. draft.Wire];
        draft.Ending = WireEnding.Closes;
        draft.DoubtHead();
    }

    private static void Follow(AnswerDraft draft)
    {
        const string Another = "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{\"data\":{\"isins\":[\"WRONG\"]}}";
        draft.Wire = [.. draft.Wire, .. Encoding.Latin1.GetBytes(Another)];
        EndInDoubt(draft, WireEnding.Closes);
    }

    private static void Continue(AnswerDraft draft)
    {
        (string beginning, string filler) = draft.Pick(
            ("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"),
            ("HTTP/1.1 200 OK\r\nX-More: ", "and more "),
            ("HTTP/1.1 200 ", "OK "),
            ("", "HTTP/1.1 100 Continue\r\n\r\n"),
            ("HTTP/1.1 200 OK\r\n\r\n[", "\"and more\","),
            ("HTTP/1.1 200 OK\r\n\r\n", " "),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\n[[\r\n"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n", "X-More: and more\r\n"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", "and more "),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n", "[["),
            ("HTTP/1.1 500 Error\r\n\r\n", "and more "),
            ("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", "and more "));
        draft.Wire = Encoding.Latin1.GetBytes(beginning);
        draft.Filler = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(filler, draft.Pick(1, 4_000 / filler.Length))));
        draft.Ending = WireEnding.NeverEnds;
        draft.Spoil();
    }
}
