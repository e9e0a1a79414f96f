namespace IssuerEnrichment;

/// <summary>Options for the cache of a source. Errors are never cached.</summary>
/// <remarks>Do not modify the options once the source is in use.</remarks>
public sealed class CacheOptions
{
    /// <summary>How long an issuer's ISINs are cached, counted from the service's answer: 1 second to 365 days.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long the answer that there is no such issuer is cached: 0, which disables caching of these answers, to <see cref="Lifetime"/>.
    /// </summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan NegativeLifetime { get; set; } = TimeSpan.FromHours(1);
}
