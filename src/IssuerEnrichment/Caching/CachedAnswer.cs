using System.ComponentModel;

namespace IssuerEnrichment.Caching;

/// <summary>An answer of the service, as the cache keeps it.</summary>
/// <remarks>
/// The cache is told that it is immutable and so hands out the same one, instead of a copy each time: clients promise to leave their lists unchanged.
/// </remarks>
[ImmutableObject(true)]
internal sealed record CachedAnswer
{
    /// <summary>The issuer's ISINs; null where the service knows no such issuer.</summary>
    public required IReadOnlyList<string>? Isins { get; init; }

    /// <summary>Where the answer came from, as its client told it; null where it did not.</summary>
    public AnswerProvenance? Provenance { get; init; }

    public static CachedAnswer Of(IssuerAnswer answer) => new() { Isins = answer.Isins, Provenance = answer.Provenance };

    public IssuerAnswer ToAnswer() => (Isins is null ? IssuerAnswer.NotFound : IssuerAnswer.Found(Isins)) with { Provenance = Provenance, IsCached = true };
}
