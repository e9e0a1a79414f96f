namespace IssuerEnrichment;

/// <summary>How long answers are kept in the cache of a source. Errors are never kept.</summary>
/// <remarks>Leave it unchanged once the source is in use.</remarks>
public sealed class CacheOptions
{
    /// <summary>How long an issuer's ISINs are answered from the cache, from when the service gave them: 1 second to 365 days.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The same for the answer that the service knows no such issuer: 0, which keeps none of these, to <see cref="Lifetime"/>.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan NegativeLifetime { get; set; } = TimeSpan.FromHours(1);
}
