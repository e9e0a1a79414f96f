using System.Text;
using System.Text.Json;
using CsCheck;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Http;

public sealed class IsinsReaderProperties
{
    private static readonly string[] Names = ["data", "isins", "attributes", "isin", "é"];

    private static readonly Gen<string> Text =
        Gen.Char["aé\"\\\n€\u0001,:{}[]"].Array[0, 6].Select(characters => JsonSerializer.Serialize(new string(characters)));

    // Values that stand beside the path; the names of the path turn up in them too.
    private static readonly Gen<string> Noise = Gen.Recursive<string>((depth, noise) => depth > 3
        ? Gen.Const("0")
        : Gen.OneOf(
            Text,
            Gen.OneOf("null", "true", "-1.5e3", "[]", "{}"),
            noise.Array[0, 3].Select(items => $"[{string.Join(" , ", items)}]"),
            Gen.Select(Gen.OneOf(Names), noise).Array[0, 3].Select(p => $"{{{Properties(p)}}}")));

    private static readonly Gen<(string, string)[]> Beside =
        Gen.Select(Gen.OneOf(Names), Noise, (name, value) => (name + "_", value)).Array[0, 2];

    private static readonly Gen<string> Isin = Gen.Char.AlphaNumeric.Array[12].Select(c => new string(c));

    private static readonly Gen<(string Path, string Json, string[] Isins)> Documents =
        from names in Gen.OneOf(Names).Array[1, 4]
        from planted in Plant(names, isRoot: true)
        from padding in Gen.OneOf("", " ", "\r\n\t")
        select (string.Join('.', names), padding + planted.Json + padding, planted.Isins);

    [Fact]
    public void Inserted_isins_are_found() =>
        Documents.Sample(
            document => AnswerPath.Parse(document.Path).Read(Bytes(document.Json)).SequenceEqual(document.Isins), iter: 5_000);

    [Fact]
    public void Every_beginning_of_an_answer_is_noticed_as_cut_off() =>
        Documents.Sample(
            document =>
            {
                AnswerPath path = AnswerPath.Parse(document.Path);
                byte[] body = Bytes(document.Json.Trim());
                return Enumerable.Range(1, body.Length - 1).All(
                    length => Failure(path, body[..length]) == "the answer ends in the middle (truncated)");
            },
            iter: 300);

    [Fact]
    public void A_damaged_answer_gives_a_list_or_an_unexpected_answer_and_nothing_else() =>
        Gen.Select(Documents, Gen.Int.NonNegative, Gen.Int[0, 4], Gen.Byte, Gen.Int[0, 3]).Sample(
            (document, position, cut, put, times) =>
            {
                byte[] body = Bytes(document.Json);
                int at = position % body.Length;
                byte[] damaged = [.. body[..at], .. Enumerable.Repeat(put, times), .. body[Math.Min(at + cut, body.Length)..]];

                // Any other exception fails the property; so does a message that quotes the answer.
                string? failure = Failure(AnswerPath.Parse(document.Path), damaged);
                return failure is null || !document.Isins.Any(failure.Contains);
            },
            iter: 20_000);

    private static Gen<(string Json, string[] Isins)> Plant(string[] names, bool isRoot = false)
    {
        Gen<(string, string[])> list = Isin.Array[0, 4].Select(isins => (JsonSerializer.Serialize(isins), isins));
        if (names.Length == 0)
            return Gen.OneOf(list, Isin.Select(isin => (JsonSerializer.Serialize(isin), new[] { isin })));

        Gen<(string, string[])> inObject =
            from before in Beside
            from inner in Plant(names[1..])
            from after in Beside
            select ($"{{{Properties([.. before, (names[0], inner.Json), .. after])}}}", inner.Isins);

        Gen<(string, string[])> inList = inObject.Array[0, 3].Select(
            objects => ($"[{string.Join(",\n", objects.Select(o => o.Item1))}]", objects.SelectMany(o => o.Item2).ToArray()));

        return isRoot ? inObject : Gen.OneOf(inObject, inList);
    }

    private static string Properties(IEnumerable<(string Name, string Value)> properties) =>
        string.Join(", ", properties.Select(p => $"{JsonSerializer.Serialize(p.Name)} : {p.Value}"));

    private static string? Failure(AnswerPath path, byte[] body)
    {
        try
        {
            path.Read(body);
            return null;
        }
        catch (UnexpectedAnswerException failure)
        {
            return failure.Message;
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
