using CsCheck;

namespace IssuerEnrichment.Tests.Domain;

public sealed class LeiTests
{
    private static readonly Gen<string> Bodies =
        Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"].Array[18].Select(characters => new string(characters));

    private static readonly Gen<string> Valid = Bodies.Select(body => body + Lei.ComputeCheckDigits(body));

    [Theory]
    [InlineData("HWUPKR0MPOU8FGXBT394")]
    [InlineData("INR2EJN1ERAN0W5ZP974")]
    [InlineData("21380068P1DRHMJ8KU70")]
    [InlineData("7LTWFZYICNSX8D621K86")]
    [InlineData("529900GRZ2BQY5ZM9N49")]
    [InlineData("851WYGNLUQLFZBSYGB56")]
    [InlineData("5299001ERX0K10IZUL40")]
    [InlineData("5493001KJTIIGC8Y1R12")]
    [InlineData("529900T8BM49AURSDO55")]
    [InlineData("YZ83GD8L7GG84979J516")]
    [InlineData("529900ZZZZZZZZZZZZ46")] // Well-formed, never issued.
    public void A_valid_LEI_is_accepted_as_it_is(string text)
    {
        Lei.IsValid(text).Should().BeTrue();
        Lei.TryParse(text, out Lei lei).Should().BeTrue();
        lei.Value.Should().Be(text);
        lei.ToString().Should().Be(text);
        Lei.Parse(text).Should().Be(lei);
        Lei.ComputeCheckDigits(text.AsSpan(0, 18)).Should().Be(text[18..]);
    }

    [Theory]
    [InlineData("31570010000000045200", "97")]
    [InlineData("3157006B6JVZ5DFMSN00", "97")]
    [InlineData("31570010000000048401", "98")]
    [InlineData("315700WH3YMKHCVYW201", "98")]
    public void An_issued_LEI_with_check_digits_that_are_no_longer_given_is_accepted(string text, string givenToday)
    {
        Lei.IsValid(text).Should().BeTrue();
        Lei.ComputeCheckDigits(text.AsSpan(0, 18)).Should().Be(givenToday);
    }

    [Theory]
    [InlineData("HWUPKR0MPOU8FGXBT395", "The LEI HWUPKR0MPOU8FGXBT395 should end in 94, its check digits.")]
    [InlineData("INR2EJN1ERAN0W5ZP947", "The LEI INR2EJN1ERAN0W5ZP947 should end in 74, its check digits.")]
    [InlineData("21380068P1DRHMJ8UK70", "The LEI 21380068P1DRHMJ8UK70 should end in 10, its check digits.")]
    [InlineData("969500T3MBS4SQAMHJ45", "The LEI 969500T3MBS4SQAMHJ45 should end in 98, its check digits.")]
    [InlineData("2138000000000000A001", "The LEI 2138000000000000A001 should end in 34, its check digits.")]
    [InlineData("", "An LEI has 20 characters, not 0.")]
    [InlineData("7LTWFZYICNSX8D621K8", "An LEI has 20 characters, not 19.")]
    [InlineData("AHWUPKR0MPOU8FGXBT394", "An LEI has 20 characters, not 21.")]
    [InlineData(" HWUPKR0MPOU8FGXBT394", "An LEI has letters A-Z and digits 0-9 only; character 1 of the text is U+0020.")]
    [InlineData("HWUPKR0MPOU8FGXB\u200BT394", "An LEI has letters A-Z and digits 0-9 only; character 17 of the text is U+200B.")]
    [InlineData("5493001KJTIIGC8Y1R1O", "Character 20 of an LEI must be a digit 0-9, but is 'O'.")]
    [InlineData("hwupkr0mpou8fgxbt394", "Character 1 of an LEI must be a letter A-Z or a digit 0-9, but is 'h'.")]
    [InlineData("HWUPKR0MPOU8FGXBT3\r4", "Character 19 of an LEI must be a digit 0-9, but is U+000D.")]
    [InlineData("HWUPKR0MPOU8FGXB\u03A4394", "Character 17 of an LEI must be a letter A-Z or a digit 0-9, but is U+03A4.")] // A Greek tau.
    public void An_invalid_LEI_is_rejected_with_a_sentence_that_says_what_to_mend(string text, string sentence)
    {
        Lei.IsValid(text).Should().BeFalse();
        Lei.TryParse(text, out Lei lei).Should().BeFalse();
        lei.Should().Be(default(Lei));
        FluentActions.Invoking(() => Lei.Parse(text)).Should().Throw<FormatException>().WithMessage(sentence);
        FluentActions.Invoking(() => Lei.Parse(text.AsSpan())).Should().Throw<FormatException>().WithMessage(sentence);
    }

    [Theory]
    [InlineData("HWUPKR0MPOU8FGXBT394", "The body of an LEI has 18 characters, not 20.")]
    [InlineData("HWUPKR0MPOU8FGXBt3", "Character 17 of an LEI must be a letter A-Z or a digit 0-9, but is 't'.")]
    public void Check_digits_are_computed_only_for_the_first_eighteen_characters(string body, string sentence) =>
        FluentActions.Invoking(() => Lei.ComputeCheckDigits(body)).Should().Throw<FormatException>().WithMessage(sentence);

    [Fact]
    public void Every_completed_body_is_valid_and_its_check_digits_are_in_range() => Bodies.Sample(body =>
    {
        string digits = Lei.ComputeCheckDigits(body);
        return Lei.IsValid(body + digits) && string.CompareOrdinal(digits, "02") >= 0 && string.CompareOrdinal(digits, "98") <= 0;
    });

    [Fact]
    public void Every_change_of_a_single_digit_is_rejected() =>
        Valid.Sample(text => Mutations.OfOneDigit(text).All(changed => !Lei.IsValid(changed)));

    [Fact]
    public void Every_parser_gives_the_same_result_and_never_throws() => Gen.OneOf(Gen.String, Valid, Bodies).Sample(text =>
    {
        bool valid = Lei.IsValid(text);
        return Lei.TryParse(text, out Lei lei) == valid
            && Lei.TryParse(text.AsSpan(), out Lei fromSpan) == valid
            && lei == fromSpan
            && lei.Value == (valid ? text : "");
    });

    [Fact]
    public void Null_is_no_LEI()
    {
        Lei.IsValid(null).Should().BeFalse();
        Lei.TryParse(null, out _).Should().BeFalse();
        FluentActions.Invoking(() => Lei.Parse(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void A_default_instance_is_empty_and_equals_no_LEI()
    {
        Lei none = default;

        none.Value.Should().BeEmpty();
        none.ToString().Should().BeEmpty();
        none.Should().NotBe(Lei.Parse("HWUPKR0MPOU8FGXBT394"));
    }

    [Fact]
    public void Equality_is_by_value() =>
        new HashSet<Lei> { Lei.Parse("HWUPKR0MPOU8FGXBT394") }.Should().Contain(Lei.Parse("HWUPKR0MPOU8FGXBT394".AsSpan()));

    [Fact]
    public void Generic_code_can_parse_it() => Parsing.RoundTrip<Lei>("HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT395");

    [Fact]
    public void Validating_allocates_nothing() => Allocations.During(() => Lei.IsValid("HWUPKR0MPOU8FGXBT394")).Should().Be(0);
}
