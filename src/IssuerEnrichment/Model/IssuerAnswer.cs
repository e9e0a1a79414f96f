namespace IssuerEnrichment;

/// <summary>The service's answer for one issuer: its ISINs, or that there is no such issuer.</summary>
/// <remarks>
/// Immutable. <see langword="default"/> is not a valid answer. Clients for other attributes return an <see cref="IssuerAnswer{T}"/>; custom
/// policies see every answer as this type.
/// </remarks>
public readonly record struct IssuerAnswer
{
    private IssuerAnswer(object? value, bool isNotFound)
    {
        Value = value;
        IsNotFound = isNotFound;
    }

    /// <summary>The answer that there is no such issuer.</summary>
    public static IssuerAnswer NotFound { get; } = new(null, isNotFound: true);

    /// <summary>The issuer's ISINs, empty if the issuer has none; null if there is no such issuer, or the source loads another attribute.</summary>
    public IReadOnlyList<string>? Isins => Value as IReadOnlyList<string>;

    /// <summary>What the source loads: the ISINs, or the value of an <see cref="IssuerAnswer{T}"/>; null if there is no such issuer.</summary>
    public object? Value { get; }

    /// <summary>Whether the service said that there is no such issuer.</summary>
    public bool IsNotFound { get; }

    /// <summary>Where the answer comes from. It is copied to <see cref="EnrichmentOutcome.Provenance"/>.</summary>
    /// <value>Default: null, unknown.</value>
    public AnswerProvenance? Provenance { get; init; }

    /// <summary>Whether the answer comes from the cache.</summary>
    internal bool IsCached { get; init; }

    internal bool IsMissing => Value is null && !IsNotFound;

    /// <summary>Creates an answer with the issuer's ISINs.</summary>
    /// <param name="isins">The ISINs as the service returned them; may be empty. The list is not copied: do not modify it afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="isins"/> is null.</exception>
    public static IssuerAnswer Found(IReadOnlyList<string> isins)
    {
        ArgumentNullException.ThrowIfNull(isins);
        return new IssuerAnswer(isins, isNotFound: false);
    }

    /// <summary>Creates an answer with any attribute.</summary>
    internal static IssuerAnswer Of(object value) => new(value, isNotFound: false);
}
