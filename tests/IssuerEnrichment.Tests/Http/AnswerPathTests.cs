using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Http;

public sealed class AnswerPathTests
{
    [Theory]
    [InlineData("data.isins", "data.isins")]
    [InlineData("$.data.isins", "data.isins")]
    [InlineData("data.isins[]", "data.isins")]
    [InlineData("data[].attributes.isin", "data.attributes.isin")]
    [InlineData("$[*].identifiers[*].isin", "identifiers.isin")]
    [InlineData("isin", "isin")]
    [InlineData("données.isin codes", "données.isin codes")]
    [InlineData("$", "$")]
    [InlineData("$[]", "$")]
    public void A_path_is_names_between_dots(string text, string names) =>
        AnswerPath.Parse(text).ToString().Should().Be(names);

    [Theory]
    [InlineData(null, "The path is empty.")]
    [InlineData("", "The path is empty.")]
    [InlineData("  ", "The path is empty.")]
    [InlineData("data..isins", "The path 'data..isins' has an empty segment.")]
    [InlineData(".isins", "The path '.isins' has an empty segment.")]
    [InlineData("isins.", "The path 'isins.' has an empty segment.")]
    [InlineData("$.", "The path '$.' has an empty segment.")]
    [InlineData("data.[].isin", "The path 'data.[].isin' has an empty segment.")]
    [InlineData("data[0].isin", "The path 'data[0].isin' may hold brackets only as [] or [*] at the end of a segment.")]
    [InlineData("data['isins']", "The path 'data['isins']' may hold brackets only as [] or [*] at the end of a segment.")]
    public void What_is_no_path_is_rejected_with_a_sentence(string? text, string sentence)
    {
        AnswerPath.TryParse(text, out AnswerPath? path, out string? error).Should().BeFalse();

        path.Should().BeNull();
        error.Should().Be(sentence);
        FluentActions.Invoking(() => AnswerPath.Parse(text!)).Should().Throw<FormatException>().WithMessage(sentence);
    }
}
