namespace IssuerEnrichment;

/// <summary>The service's answer for one issuer: its ISINs, or that there is no such issuer.</summary>
/// <remarks>Immutable. <see langword="default"/> is not a valid answer.</remarks>
public readonly record struct IssuerAnswer
{
    private IssuerAnswer(IReadOnlyList<string>? isins, bool isNotFound)
    {
        Isins = isins;
        IsNotFound = isNotFound;
    }

    /// <summary>The answer that there is no such issuer.</summary>
    public static IssuerAnswer NotFound { get; } = new(null, isNotFound: true);

    /// <summary>The issuer's ISINs, empty if the issuer has none; null if there is no such issuer.</summary>
    public IReadOnlyList<string>? Isins { get; }

    /// <summary>Whether the service said that there is no such issuer.</summary>
    public bool IsNotFound { get; }

    /// <summary>Where the answer comes from. It is copied to <see cref="EnrichmentOutcome.Provenance"/>.</summary>
    /// <value>Default: null, unknown.</value>
    public AnswerProvenance? Provenance { get; init; }

    /// <summary>Whether the answer comes from the cache.</summary>
    internal bool IsCached { get; init; }

    internal bool IsMissing => Isins is null && !IsNotFound;

    /// <summary>Creates an answer with the issuer's ISINs.</summary>
    /// <param name="isins">The ISINs as the service returned them; may be empty. The list is not copied: do not modify it afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="isins"/> is null.</exception>
    public static IssuerAnswer Found(IReadOnlyList<string> isins)
    {
        ArgumentNullException.ThrowIfNull(isins);
        return new IssuerAnswer(isins, isNotFound: false);
    }
}
