using System.ComponentModel;

namespace IssuerEnrichment.Caching;

/// <summary>An answer of the service, as stored in the cache.</summary>
/// <remarks>
/// Declared immutable, so that the cache returns the same instance instead of a copy. Clients must not modify the lists that they return.
/// </remarks>
[ImmutableObject(true)]
internal sealed record CachedAnswer
{
    /// <summary>The issuer's ISINs; null if there is no such issuer.</summary>
    public required IReadOnlyList<string>? Isins { get; init; }

    /// <summary>The provenance that the client attached to the answer; null if it attached none.</summary>
    public AnswerProvenance? Provenance { get; init; }

    public static CachedAnswer Of(IssuerAnswer answer) => new() { Isins = answer.Isins, Provenance = answer.Provenance };

    public IssuerAnswer ToAnswer() => (Isins is null ? IssuerAnswer.NotFound : IssuerAnswer.Found(Isins)) with { Provenance = Provenance, IsCached = true };
}
