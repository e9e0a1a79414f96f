using System.Globalization;

namespace IssuerEnrichment.Tests.Domain;

/// <summary>Parses as generic code does: by the interface alone.</summary>
internal static class Parsing
{
    public static void RoundTrip<T>(string valid, string invalid) where T : ISpanParsable<T>
    {
        CultureInfo culture = CultureInfo.InvariantCulture;

        T.Parse(valid, culture).ToString().Should().Be(valid);
        T.Parse(valid.AsSpan(), culture).ToString().Should().Be(valid);
        T.TryParse(valid, culture, out T? fromString).Should().BeTrue();
        T.TryParse(valid.AsSpan(), culture, out T? fromSpan).Should().BeTrue();
        fromString.Should().Be(fromSpan);
        T.TryParse(invalid, culture, out _).Should().BeFalse();
        T.TryParse(invalid.AsSpan(), culture, out _).Should().BeFalse();
    }
}
