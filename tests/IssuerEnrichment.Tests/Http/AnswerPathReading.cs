using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Http;

/// <summary>Reads ISINs at a path, as the built-in client does.</summary>
internal static class AnswerPathReading
{
    public static IReadOnlyList<string> Read(this AnswerPath path, ReadOnlySpan<byte> body) => new IsinsReader(path, AnswerText.OfJson(body)).Read();
}
