using CsCheck;

namespace IssuerEnrichment.Tests.Domain;

public sealed class IsinTests
{
    private static readonly Gen<string> Bodies = Gen.Select(
        Gen.Char['A', 'Z'].Array[2],
        Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"].Array[9],
        (prefix, rest) => new string([.. prefix, .. rest]));

    private static readonly Gen<string> Valid = Bodies.Select(body => body + Isin.ComputeCheckDigit(body));

    [Theory]
    [InlineData("US0378331005")]
    [InlineData("US5949181045")]
    [InlineData("DE0005140008")]
    [InlineData("XS1910948592")]
    [InlineData("DE0006969603")]
    [InlineData("US4592001014")]
    [InlineData("US46625H1005")]
    [InlineData("AU0000XVGZA3")]
    [InlineData("GB0002634946")]
    [InlineData("IE00B4L5Y983")]
    [InlineData("CH0032912732")]
    [InlineData("DE000A2SH128")]
    [InlineData("US82266JMB88")]
    [InlineData("XS0000000009")] // Well-formed, never issued.
    [InlineData("AU0000VXGZA3")] // The check digit does not notice neighbouring letters changing places.
    [InlineData("AU0000XVGAZ3")]
    public void A_valid_ISIN_is_accepted_as_it_is(string text)
    {
        Isin.IsValid(text).Should().BeTrue();
        Isin.TryParse(text, out Isin isin).Should().BeTrue();
        isin.Value.Should().Be(text);
        isin.ToString().Should().Be(text);
        Isin.Parse(text).Should().Be(isin);
        Isin.ComputeCheckDigit(text.AsSpan(0, 11)).Should().Be(text[11]);
    }

    [Theory]
    [InlineData("US0378331006", "The ISIN US0378331006 should end in 5, its check digit.")]
    [InlineData("US0373831005", "The ISIN US0373831005 should end in 9, its check digit.")]
    [InlineData("DE0005140009", "The ISIN DE0005140009 should end in 8, its check digit.")]
    [InlineData("US0000000000", "The ISIN US0000000000 should end in 2, its check digit.")]
    [InlineData("AU0000XVGZA4", "The ISIN AU0000XVGZA4 should end in 3, its check digit.")]
    [InlineData("", "An ISIN has 12 characters, not 0.")]
    [InlineData("US037833100", "An ISIN has 12 characters, not 11.")]
    [InlineData("US0378331005 ", "An ISIN has letters A-Z and digits 0-9 only; character 13 of the text is U+0020.")]
    [InlineData("U50378331005", "Character 2 of an ISIN must be a letter A-Z, but is '5'.")]
    [InlineData("us0378331005", "Character 1 of an ISIN must be a letter A-Z, but is 'u'.")]
    [InlineData("US03783310-5", "Character 11 of an ISIN must be a letter A-Z or a digit 0-9, but is '-'.")]
    [InlineData("US037833100X", "Character 12 of an ISIN must be a digit 0-9, but is 'X'.")]
    [InlineData("US03783310 5", "Character 11 of an ISIN must be a letter A-Z or a digit 0-9, but is U+0020.")]
    [InlineData("US037833100\n", "Character 12 of an ISIN must be a digit 0-9, but is U+000A.")]
    [InlineData("US037833100\u0665", "Character 12 of an ISIN must be a digit 0-9, but is U+0665.")] // An Arabic-Indic five.
    public void An_invalid_ISIN_is_rejected_with_a_sentence_that_says_what_to_mend(string text, string sentence)
    {
        Isin.IsValid(text).Should().BeFalse();
        Isin.TryParse(text, out Isin isin).Should().BeFalse();
        isin.Should().Be(default(Isin));
        FluentActions.Invoking(() => Isin.Parse(text)).Should().Throw<FormatException>().WithMessage(sentence);
        FluentActions.Invoking(() => Isin.Parse(text.AsSpan())).Should().Throw<FormatException>().WithMessage(sentence);
    }

    [Theory]
    [InlineData("US0378331005", "The body of an ISIN has 11 characters, not 12.")]
    [InlineData("U5037833100", "Character 2 of an ISIN must be a letter A-Z, but is '5'.")]
    public void A_check_digit_is_computed_only_for_the_first_eleven_characters(string body, string sentence) =>
        FluentActions.Invoking(() => Isin.ComputeCheckDigit(body)).Should().Throw<FormatException>().WithMessage(sentence);

    [Fact]
    public void Every_completed_body_is_valid_and_no_other_check_digit_is() =>
        Bodies.Sample(body => "0123456789".Where(digit => Isin.IsValid(body + digit)).SequenceEqual([Isin.ComputeCheckDigit(body)]));

    [Fact]
    public void Every_change_of_a_single_digit_is_rejected() =>
        Valid.Sample(text => Mutations.OfOneDigit(text).All(changed => !Isin.IsValid(changed)));

    [Fact]
    public void Every_parser_gives_the_same_result_and_never_throws() => Gen.OneOf(Gen.String, Valid, Bodies).Sample(text =>
    {
        bool valid = Isin.IsValid(text);
        return Isin.TryParse(text, out Isin isin) == valid
            && Isin.TryParse(text.AsSpan(), out Isin fromSpan) == valid
            && isin == fromSpan
            && isin.Value == (valid ? text : "");
    });

    [Fact]
    public void Null_is_no_ISIN()
    {
        Isin.IsValid(null).Should().BeFalse();
        Isin.TryParse(null, out _).Should().BeFalse();
        FluentActions.Invoking(() => Isin.Parse(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void A_default_instance_is_empty_and_equals_no_ISIN()
    {
        Isin none = default;

        none.Value.Should().BeEmpty();
        none.ToString().Should().BeEmpty();
        none.Should().NotBe(Isin.Parse("US0378331005"));
    }

    [Fact]
    public void Equality_is_by_value() =>
        new HashSet<Isin> { Isin.Parse("US0378331005") }.Should().Contain(Isin.Parse("US0378331005".AsSpan()));

    [Fact]
    public void Generic_code_can_parse_it() => Parsing.RoundTrip<Isin>("US0378331005", "US0378331006");

    [Fact]
    public void Validating_allocates_nothing() => Allocations.During(() => Isin.IsValid("US0378331005")).Should().Be(0);
}
