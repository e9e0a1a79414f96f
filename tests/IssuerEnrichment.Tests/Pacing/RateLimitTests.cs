using System.ComponentModel;
using CsCheck;

namespace IssuerEnrichment.Tests.Pacing;

public sealed class RateLimitTests
{
    public static TheoryData<string, RateLimit> Readable => new()
    {
        { "100/1s", RateLimit.PerSecond(100) },
        { "100/s", RateLimit.PerSecond(100) },
        { " 100 / 1 s ", RateLimit.PerSecond(100) },
        { "60/60s", RateLimit.PerMinute(60) },
        { "25/6s", RateLimit.Of(25, TimeSpan.FromSeconds(6)) },
        { "5/500ms", RateLimit.Of(5, TimeSpan.FromMilliseconds(500)) },
        { "7/2h", RateLimit.Of(7, TimeSpan.FromHours(2)) },
        { "1000000/31d", RateLimit.Of(1_000_000, TimeSpan.FromDays(31)) },
        { "1/2678400000ms", RateLimit.Of(1, TimeSpan.FromDays(31)) },
        { "10000/1d,100/1s", RateLimit.PerSecond(100).And(RateLimit.PerDay(10_000)) },
        { "50/1s, 100/1s", RateLimit.PerSecond(50) },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_its_text_form(string text, RateLimit expected)
    {
        RateLimit.Parse(text).Should().Be(expected);
        RateLimit.TryParse(text, null, out RateLimit? result).Should().BeTrue();
        result.Should().Be(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("/1s")]
    [InlineData("100/")]
    [InlineData("100/1")]
    [InlineData("0/1s")]
    [InlineData("-1/1s")]
    [InlineData("1000001/1s")]
    [InlineData("9999999999/1s")]
    [InlineData("100/0s")]
    [InlineData("100/32d")]
    [InlineData("100/9999999999d")]
    [InlineData("100/2678400001ms")]
    [InlineData("100/1S")]
    [InlineData("100/1.5s")]
    [InlineData("1_000/1s")]
    [InlineData("١٠/1s")]
    [InlineData("100/1s,")]
    [InlineData("100/1s;10000/1d")]
    public void Refuses_anything_else_and_says_what_is_allowed(string text)
    {
        RateLimit.TryParse(text, null, out RateLimit? result).Should().BeFalse();
        result.Should().BeNull();
        FluentActions.Invoking(() => RateLimit.Parse(text))
            .Should().Throw<FormatException>().WithMessage($"'{text}'*100/1s, 10000/1d*31d*");
    }

    [Fact]
    public void Null_is_not_a_rate_limit()
    {
        RateLimit.TryParse(null, null, out _).Should().BeFalse();
        FluentActions.Invoking(() => RateLimit.Parse(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => RateLimit.PerSecond(1).And(null!)).Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [InlineData("100/s", "100/1s")]
    [InlineData("60/60s", "60/1m")]
    [InlineData("60/90s", "60/90s")]
    [InlineData("1/24h", "1/1d")]
    [InlineData("1/1500ms", "1/1500ms")]
    [InlineData("10000/d,100/s", "100/1s, 10000/1d")]
    public void Writes_the_shortest_period_first_in_the_largest_unit(string text, string expected) =>
        RateLimit.Parse(text).ToString().Should().Be(expected);

    [Fact]
    public void What_it_writes_it_reads_back() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.OneOf(Gen.Long[1, 5_000], Gen.Long[1, 2_678_400_000]))
            .Select((permits, milliseconds) => RateLimit.Of(permits, TimeSpan.FromMilliseconds(milliseconds)))
            .Array[1, 4]
            .Select(limits => limits.Aggregate((one, other) => one.And(other)))
            .Sample(limit => RateLimit.Parse(limit.ToString()) == limit);

    [Fact]
    public void Equal_limits_are_equal_however_they_were_written()
    {
        RateLimit one = RateLimit.PerSecond(10).And(RateLimit.PerDay(10_000));
        RateLimit other = RateLimit.Parse("10000/24h, 20/1s, 10/1000ms");

        other.Should().Be(one);
        other.GetHashCode().Should().Be(one.GetHashCode());
        other.Should().NotBe(RateLimit.PerSecond(10)).And.NotBe(RateLimit.Parse("10000/24h, 20/1s"));
    }

    [Theory]
    [InlineData(0, 1_000, "*1 to 1,000,000*was 0*")]
    [InlineData(1_000_001, 1_000, "*1 to 1,000,000*was 1000001*")]
    [InlineData(1, 0, "*1 ms to 31 days*00:00:00*")]
    [InlineData(1, 0.5, "*1 ms to 31 days*whole milliseconds*00:00:00.0005*")]
    [InlineData(1, 2_678_400_001, "*1 ms to 31 days*31.00:00:00.001*")]
    public void An_impossible_limit_is_rejected_by_name(int permits, double milliseconds, string message) =>
        FluentActions.Invoking(() => RateLimit.Of(permits, TimeSpan.FromMilliseconds(milliseconds)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);

    [Fact]
    public void Configuration_can_bind_it_from_a_string()
    {
        TypeConverter converter = TypeDescriptor.GetConverter(typeof(RateLimit));

        converter.CanConvertFrom(typeof(string)).Should().BeTrue();
        converter.CanConvertFrom(typeof(int)).Should().BeFalse();
        converter.ConvertFromInvariantString("100/s").Should().Be(RateLimit.PerSecond(100));
        converter.ConvertToInvariantString(RateLimit.PerSecond(100)).Should().Be("100/1s");
    }
}
