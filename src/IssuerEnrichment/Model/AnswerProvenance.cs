using System.Collections.ObjectModel;

namespace IssuerEnrichment;

/// <summary>Describes the source of an answer: its name, the age of its data and whether the answer is complete.</summary>
/// <remarks>Immutable and thread-safe. A client attaches it to an <see cref="IssuerAnswer"/>.</remarks>
/// <param name="Source">The name of the source, such as <c>GLEIF API</c>. It is the same for every answer from that source.</param>
public sealed record AnswerProvenance(string Source)
{
    /// <summary>When the source published its data; null if it does not say.</summary>
    public DateTimeOffset? DataDate { get; init; }

    /// <summary>When the client queried the source.</summary>
    public required DateTimeOffset RetrievedAt { get; init; }

    /// <summary>
    /// Whether the answer is known to contain all of the issuer's ISINs that the source has, for example because the source's own count agrees.
    /// False means that this is unknown. An answer that is known to be incomplete is reported as an error of the kind
    /// <see cref="EnrichmentErrorKind.Incomplete"/> instead.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>Other data about the issuer, such as its name. The client chooses the keys.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
