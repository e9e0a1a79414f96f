using System.Collections.ObjectModel;

namespace IssuerEnrichment;

/// <summary>Where an answer comes from, how old its data are, and whether it is known to be all there is.</summary>
/// <remarks>Immutable and thread-safe. A client attaches it to an <see cref="IssuerAnswer"/>.</remarks>
/// <param name="Source">What was asked, such as <c>GLEIF API</c>: the same words for every answer from there.</param>
public sealed record AnswerProvenance(string Source)
{
    /// <summary>As of when the source published its data; null where it does not say.</summary>
    public DateTimeOffset? DataDate { get; init; }

    /// <summary>When the source was asked.</summary>
    public required DateTimeOffset RetrievedAt { get; init; }

    /// <summary>
    /// Whether it is proved that the source has no more ISINs of the issuer, as by its own count. False means not proved; an answer that is
    /// known to lack some is no answer, but an error of the kind <see cref="EnrichmentErrorKind.Incomplete"/>.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>What else the source said of the issuer, such as its name, under names of the client's own.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
