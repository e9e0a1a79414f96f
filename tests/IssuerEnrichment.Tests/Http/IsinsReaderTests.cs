using System.Text;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Http;

public sealed class IsinsReaderTests
{
    private static readonly AnswerPath Path = AnswerPath.Parse("data.isins");

    [Theory]
    [InlineData("data.isins", """{"data":{"isins":["A","B"]}}""", "A,B")]
    [InlineData("data.isins", """ {"id":7,"data":{"n":[{"isins":["X"]}],"isins":["A"],"z":null},"isins":["Y"]} """, "A")]
    [InlineData("data.isins", """{"data":{"isins":"A"}}""", "A")]
    [InlineData("data.email", """{"data":{"id":7,"email":"michael.lawson@reqres.in"},"support":{}}""", "michael.lawson@reqres.in")]
    [InlineData("data.attributes.isin", """{"data":[{"attributes":{"isin":"A"}},{"attributes":{"isin":"B"}}]}""", "A,B")]
    [InlineData("data.isins", """{"data":[{"isins":["A","B"]},{"isins":[]},{"isins":"C"}]}""", "A,B,C")]
    [InlineData("isin", """[[{"isin":"A"}],[],[{"isin":"B"}]]""", "A,B")]
    [InlineData("$", """["A","B"]""", "A,B")]
    [InlineData("data.isins", """{"\u0064ata":{"is\u0069ns":["\u0041"]}}""", "A")]
    [InlineData("data.isins", """{"d\ud800":1,"dat\ud800":[],"data":{"isins":["A"]}}""", "A")]
    [InlineData("données.isins", """{"données":{"isins":["A"]}}""", "A")]
    public void The_ISINs_at_the_end_of_the_path_are_read(string path, string json, string isins) =>
        AnswerPath.Parse(path).Read(Encoding.UTF8.GetBytes(json)).Should().Equal(isins.Split(','));

    [Theory]
    [InlineData("data.isins", """{"data":{"isins":[]}}""")]
    [InlineData("data.attributes.isin", """{"meta":{"total":0},"data":[]}""")]
    public void An_empty_list_is_an_answer_and_costs_nothing(string path, string json)
    {
        AnswerPath parsed = AnswerPath.Parse(path);
        byte[] body = Encoding.UTF8.GetBytes(json);

        parsed.Read(body).Should().BeEmpty();
        Allocations.During(() => parsed.Read(body)).Should().Be(0);
    }

    [Fact]
    public void Only_the_ISINs_and_one_array_of_their_number_are_allocated()
    {
        byte[] body = Encoding.UTF8.GetBytes(
            $$$"""{"meta":{"page":[1,2,3],"text":"{{{new string('x', 5000)}}}"},"data":{"isins":["US0378331005","US5949181045"]}}""");

        long expected = Allocations.During(() => new[] { new string('x', 12), new string('x', 12) });

        Allocations.During(() => Path.Read(body)).Should().Be(expected);
    }

    [Theory]
    [InlineData("", "the answer is empty")]
    [InlineData(" \r\n", "the answer is empty")]
    [InlineData("\uFEFF", "the answer is empty")]
    [InlineData("<!DOCTYPE html><title>502 Bad Gateway</title>", "the answer is HTML, not JSON")]
    [InlineData("\n  <html>", "the answer is HTML, not JSON")]
    [InlineData("Too many requests, please try again later.", "the answer is not a JSON object or list")]
    [InlineData("null", "the answer is not a JSON object or list")]
    [InlineData("\"US0378331005\"", "the answer is not a JSON object or list")]
    [InlineData("{}", "'data' is missing; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{}}""", "'data.isins' is missing; AnswerPath says where the ISINs are")]
    [InlineData("""{"Data":{"isins":[]}}""", "'data' is missing; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":[{"isins":[]},{}]}""", "'data.isins' is missing; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":null}""", "'data' holds null where an object is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":["US0378331005"]}""", "'data' holds a string where an object is expected; AnswerPath says where the ISINs are")]
    [InlineData("[1]", "the answer holds a number where an object is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":null}}""", "'data.isins' is null, not a list of ISINs; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":{}}}""", "'data.isins' is an object, not a list of ISINs; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":true}}""", "'data.isins' is a boolean, not a list of ISINs; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":["A",7]}}""", "'data.isins' holds a number where an ISIN is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":["A",null]}}""", "'data.isins' holds null where an ISIN is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":[{"isin":"A"}]}}""", "'data.isins' holds an object where an ISIN is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":[["A"]]}}""", "'data.isins' holds a list where an ISIN is expected; AnswerPath says where the ISINs are")]
    [InlineData("""{"data":{"isins":["A"],"isins":["A"]}}""", "'data.isins' occurs twice")]
    [InlineData("""{"data":{"isins":["A"]},"\u0064ata":1}""", "'data' occurs twice")]
    [InlineData("""{"data":{"isins":["\ud800"]}}""", "'data.isins' holds an ISIN that is not valid Unicode")]
    [InlineData("""{"data":{"isins":["A"]}""", "the answer ends in the middle (truncated)")]
    [InlineData("""{"data":{"isins":["A"]}} x""", "the answer is not valid JSON (line 1, byte 26)")]
    [InlineData("""{"data":{"isins":["A"]}}{}""", "the answer is not valid JSON (line 1, byte 25)")]
    [InlineData("{\n\"data\":{'isins'", "the answer is not valid JSON (line 2, byte 9)")]
    public void Anything_else_is_rejected_with_a_sentence(string body, string sentence) =>
        FluentActions.Invoking(() => Path.Read(Encoding.UTF8.GetBytes(body)))
            .Should().Throw<UnexpectedAnswerException>().WithMessage(sentence);

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_answer() =>
        Path.Read(Encoding.UTF8.GetBytes("\uFEFF{\"data\":{\"isins\":[\"A\"]}}")).Should().Equal("A");

    [Fact]
    public void Bytes_that_are_no_UTF8_matter_only_inside_an_ISIN()
    {
        Path.Read(Encoding.Latin1.GetBytes("""{"société":"é","data":{"é":"é","isins":["A"]}}""")).Should().Equal("A");

        FluentActions.Invoking(() => Path.Read(Encoding.Latin1.GetBytes("""{"data":{"isins":["é"]}}""")))
            .Should().Throw<UnexpectedAnswerException>().WithMessage("*not valid Unicode");
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Path.Read(Nested(IsinsReader.MaxDepth - 1)).Should().BeEmpty();

        FluentActions.Invoking(() => Path.Read(Nested(IsinsReader.MaxDepth)))
            .Should().Throw<UnexpectedAnswerException>().WithMessage("the answer is not valid JSON (line 1, byte *)");
        FluentActions.Invoking(() => Path.Read(Encoding.UTF8.GetBytes(new string('[', 1_000_000))))
            .Should().Throw<UnexpectedAnswerException>().WithMessage("the answer is not valid JSON (line 1, byte *)");
    }

    [Fact]
    public void A_long_list_is_read_whole()
    {
        string[] isins = [.. Enumerable.Range(0, 4201).Select(i => $"XS{i:D10}")];

        Path.Read(Encoding.UTF8.GetBytes($$$"""{"data":{"isins":["{{{string.Join("\",\"", isins)}}}"]}}""")).Should().Equal(isins);
    }

    private static byte[] Nested(int lists) =>
        Encoding.UTF8.GetBytes($$$"""{"x":{{{new string('[', lists)}}}{{{new string(']', lists)}}},"data":{"isins":[]}}""");
}
