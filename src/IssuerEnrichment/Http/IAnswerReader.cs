using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>Reads the answer in a JSON response. Implementations must be thread-safe.</summary>
internal interface IAnswerReader
{
    /// <summary>The path to the answer in the response.</summary>
    string Path { get; }

    /// <summary>Reads the answer.</summary>
    /// <exception cref="UnexpectedAnswerException">The text is not complete JSON, or its shape does not match the path.</exception>
    object Read(ReadOnlySpan<byte> body);
}
