using System.Text;
using System.Text.Json.Nodes;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>What a service may say instead of its answer, or how else it may say it.</summary>
internal static class BodyMutations
{
    private static readonly string[] Places =
    [
        """{"data":{"isins":#}}""", """{"data":#}""", """{"data":[#]}""", "#",
        """{"Data":{"Isins":#}}""", """{"data":{"isins":["A",#]}}""", """{"data":{"isins":["A"]},"x":#}""",
    ];

    private static readonly string[] Shapes =
    [
        "null", "7", "true", "{}", "[]", "\"\"", "[[\"A\"]]", "[null]", "[\"A\",7]", "[{\"isin\":\"A\"}]", "[\"A\",[]]", "{\"isins\":[]}",
        "-0.0e-0", "[true]",
    ];

    private static readonly string[] Twice =
    [
        """{"data":{"isins":#,"isins":#}}""",
        """{"data":{"isins":#},"data":null}""",
        """{"data":{"isins":#},"d\u0061ta":{"isins":[]}}""",
        """{"x":1,"x":2,"data":{"isins":#,"y":1,"y":[]}}""",
    ];

    private static readonly string[] Broken =
    [
        """{"data":{"isins":#,}}""",
        """{"data":{"isins":#}} // or not""",
        """/* here */{"data":{"isins":#}}""",
        """{'data':{'isins':#}}""",
        """{data:{isins:#}}""",
        """{"data":{"isins":#}}}""",
        """{"data":{"isins":#]}""",
        "{\"data\":{\"isins\":#,\"x\":\"\u0001\n\"}}",
        "{\"data\":{\"isins\":#}}\0",
        "\0{\"data\":{\"isins\":#}}",
        """)]}',{"data":{"isins":#}}""",
        """callback({"data":{"isins":#}})""",
        """data: {"data":{"isins":#}}""",
        """{"data":{"isins":["\ud800"]}}""",
        """{"data":{"isins":["\x41"]}}""",
    ];

    private static readonly string[] Beside =
        ["""{"x":*,"data":{"isins":#}}""", """{"data":{"isins":#,"x":*}}""", """{"data":{"isins":#},"x":[{"x":*}]}"""];

    private static readonly string[] Noise =
    [
        "1e999999", "-1E-99999", new('9', 4_000), "0.1e+0", "01", "+1", "NaN", "-Infinity", ".5", "1.", "nul", "True", "\\u0031", "[[],[[]],{}]",
        "{\"\":\"\"}",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "{\"\\ud800\":{}}", "\"\\\"", "\"\u2028\uFEFF\"", "\"\\u0000\"", "\"\\q\"", "\"\t\"",
    ];

    private static readonly string[] Other =
    [
        "", " \r\n\t", "null", "false", "0", "\"US0378331005\"", "OK", "[", "{", "[]", "{}", "<!DOCTYPE html><html><body>Sign in</body></html>",
        "<?xml version=\"1.0\"?><isins/>", "US0378331005,US5949181045\r\n", "Too many requests", "%PDF-1.7", "\u001f\u008b", "\uFEFF",
        "---\nisins: []\n",
        "{\"error\":{\"code\":429,\"message\":\"slow down\"}}",
    ];

    private static readonly Func<string, byte[]>[] Encodings =
    [
        text => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        text => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        Encoding.Unicode.GetBytes,
        text => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
        text => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
        text => [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(text)],
        text => Encoding.Latin1.GetBytes(text.Replace("{\"", "{\"société\":\"é\",\"", StringComparison.Ordinal)),
        text => Encoding.Latin1.GetBytes(text.Replace("XS", "é", StringComparison.Ordinal)),
    ];

    public static readonly Mutation[] All =
    [
        new("members in another order", draft => Say(draft, """{"links":{"next":null},"data":{"total":3,"isins":#,"x":[{}]},"isins":["no"]}""")),
        new("indented", draft => draft.Body = Encoding.UTF8.GetBytes(JsonNode.Parse(draft.Body)!.ToString().ReplaceLineEndings("\r\n"))),
        new("escaped", draft => Say(draft, """{"\u0064ata":{"is\u0069ns":[#]}}""", string.Join(',', draft.Isins.Select(Escaped)))),
        new("a list of objects", draft => Say(draft, """{"data":[{"isins":#},{"isins":[]},{"isins":"A"}]}""")),
        new("one string", draft => Say(draft, """{"data":{"isins":"A"}}""")),
        new("no ISINs", draft => Say(draft, """{"data":{"isins":[]}}""")),
        new("another shape", draft => Say(draft, draft.Pick(Places), draft.Pick(Shapes))),
        new("a member twice", draft => Say(draft, draft.Pick(Twice))),
        new("no JSON", draft => Say(draft, draft.Pick(Broken))),
        new("something else altogether", draft => Say(draft, draft.Pick(Other))),
        new("noise beside", draft => Say(draft, draft.Pick(Beside).Replace("*", draft.Pick(Noise), StringComparison.Ordinal))),
        new("nested deeply", Nest),
        new("damaged", Damage),
        new("cut", draft => draft.Body = draft.Body[..draft.Chance.Next(draft.Body.Length)]),
        new("twice", draft => draft.Body = [.. draft.Body, .. draft.Body]),
        new("another encoding", draft => draft.Body = draft.Pick(Encodings)(Encoding.UTF8.GetString(draft.Body))),
        new("random bytes", draft => draft.Body = draft.RandomBytes(draft.Chance.Next(2_000))),
        new("as large as allowed, or larger", Enlarge),
    ];

    /// <summary>Fills a template in, by default with the right ISINs.</summary>
    private static void Say(AnswerDraft draft, string template, string? filling = null) =>
        draft.Body = Encoding.UTF8.GetBytes(template.Replace("#", filling ?? draft.IsinsAsJson, StringComparison.Ordinal));

    private static string Escaped(string text) => $"\"{string.Concat(text.Select(character => $"\\u{(int)character:x4}"))}\"";

    private static void Nest(AnswerDraft draft)
    {
        int depth = draft.Pick(draft.Chance.Next(60, 67), 10_000);
        (string open, string close) = draft.Pick(("[", "]"), ("{\"data\":", "}"), ("{\"x\":[", "]}"));
        IEnumerable<string> nested = [.. Enumerable.Repeat(open, depth), "[]", .. Enumerable.Repeat(close, draft.Pick(depth, 0))];
        Say(draft, draft.Pick(Places), string.Concat(nested));
    }

    private static void Damage(AnswerDraft draft)
    {
        List<byte> body = [.. draft.Body];
        for (int edits = draft.Chance.Next(1, 6); edits > 0; edits--)
        {
            int at = draft.Chance.Next(body.Count);
            int length = Math.Min(draft.Chance.Next(1, 8), body.Count - at);
            switch (draft.Chance.Next(4))
            {
                case 0:
                    body[at] ^= (byte)(1 << draft.Chance.Next(8));
                    break;
                case 1:
                    body.InsertRange(at, draft.RandomBytes(length));
                    break;
                case 2 when body.Count > length:
                    body.RemoveRange(at, length);
                    break;
                default:
                    body.InsertRange(at, body.GetRange(at, length));
                    break;
            }
        }

        draft.Body = [.. body];
    }

    private static void Enlarge(AnswerDraft draft)
    {
        string beginning = "{\"x\":\"";
        int size = HostileAnswers.MaxAnswerBytes + draft.Pick(-1, 0, 1, 50_000);
        string padding = new('x', size - beginning.Length - "\",".Length - draft.Body.Length + 1);
        Say(draft, $"{beginning}{padding}\",{Encoding.UTF8.GetString(draft.Body)[1..]}");
    }
}
