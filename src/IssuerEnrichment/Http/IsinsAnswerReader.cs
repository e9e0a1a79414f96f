namespace IssuerEnrichment.Http;

/// <summary>Reads the ISINs in a response.</summary>
internal sealed class IsinsAnswerReader(string path) : IAnswerReader
{
    private readonly AnswerPath _path = AnswerPath.Parse(path);

    public string Path => path;

    /// <summary>Reads the ISINs in one pass, unchanged. The list is empty only if the response contains an empty array.</summary>
    /// <inheritdoc/>
    public object Read(ReadOnlySpan<byte> body) => new IsinsReader(_path, AnswerText.OfJson(body)).Read();
}
