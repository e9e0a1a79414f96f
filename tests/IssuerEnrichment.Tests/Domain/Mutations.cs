namespace IssuerEnrichment.Tests.Domain;

internal static class Mutations
{
    /// <summary>The text with one of its digits replaced by another, in every possible way.</summary>
    public static IEnumerable<string> OfOneDigit(string text) =>
        from index in Enumerable.Range(0, text.Length)
        where char.IsAsciiDigit(text[index])
        from digit in "0123456789"
        where digit != text[index]
        select $"{text[..index]}{digit}{text[(index + 1)..]}";
}
