namespace IssuerEnrichment;

/// <summary>The service's answer for one issuer: the value of an attribute, or that there is no such issuer.</summary>
/// <typeparam name="T">The attribute. The library shares one value between all outcomes of an issuer, so it should be immutable.</typeparam>
/// <remarks>Immutable. <see langword="default"/> is not a valid answer.</remarks>
public readonly record struct IssuerAnswer<T>
    where T : notnull
{
    private IssuerAnswer(IssuerAnswer untyped) => Untyped = untyped;

    /// <summary>The answer that there is no such issuer.</summary>
    public static IssuerAnswer<T> NotFound { get; } = new(IssuerAnswer.NotFound);

    /// <summary>The value; the default value if there is no such issuer.</summary>
    public T? Value => Untyped.Value is T value ? value : default;

    /// <summary>Whether the service said that there is no such issuer.</summary>
    public bool IsNotFound => Untyped.IsNotFound;

    /// <summary>Where the answer comes from. It is copied to <see cref="EnrichmentOutcome{T}.Provenance"/>.</summary>
    /// <value>Default: null, unknown.</value>
    public AnswerProvenance? Provenance
    {
        get => Untyped.Provenance;
        init => Untyped = Untyped with { Provenance = value };
    }

    internal IssuerAnswer Untyped { get; private init; }

    /// <summary>Creates an answer with a value.</summary>
    /// <param name="value">The value. It is not copied: do not modify it afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public static IssuerAnswer<T> Found(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new IssuerAnswer<T>(IssuerAnswer.Of(value));
    }
}
