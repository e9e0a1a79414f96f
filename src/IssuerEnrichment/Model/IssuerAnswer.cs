namespace IssuerEnrichment;

/// <summary>What a service said about one issuer: its ISINs, or that it knows no such issuer.</summary>
/// <remarks>Immutable. <see langword="default"/> is no answer at all.</remarks>
public readonly record struct IssuerAnswer
{
    private IssuerAnswer(IReadOnlyList<string>? isins, bool isNotFound)
    {
        Isins = isins;
        IsNotFound = isNotFound;
    }

    /// <summary>The service knows no such issuer.</summary>
    public static IssuerAnswer NotFound { get; } = new(null, isNotFound: true);

    /// <summary>The issuer's ISINs, empty where the service knows the issuer and none of its securities; otherwise null.</summary>
    public IReadOnlyList<string>? Isins { get; }

    /// <summary>Whether the service said that it knows no such issuer.</summary>
    public bool IsNotFound { get; }

    /// <summary>Where the answer comes from, which its outcome hands on.</summary>
    /// <value>Default: null, the client does not say.</value>
    public AnswerProvenance? Provenance { get; init; }

    /// <summary>Whether it comes from the cache.</summary>
    internal bool IsCached { get; init; }

    internal bool IsMissing => Isins is null && !IsNotFound;

    /// <summary>The service knows the issuer and gave these ISINs.</summary>
    /// <param name="isins">The ISINs as the service gave them, possibly none. The list is handed on as it is: leave it unchanged.</param>
    /// <exception cref="ArgumentNullException"><paramref name="isins"/> is null.</exception>
    public static IssuerAnswer Found(IReadOnlyList<string> isins)
    {
        ArgumentNullException.ThrowIfNull(isins);
        return new IssuerAnswer(isins, isNotFound: false);
    }
}
