using System.Threading.RateLimiting;

namespace IssuerEnrichment.Throttling;

/// <summary>The right to start now or, with <paramref name="retryAfter"/>, a refusal that says how long it would have taken.</summary>
internal sealed class PacingLease(TimeSpan? retryAfter) : RateLimitLease
{
    public static readonly PacingLease Acquired = new(null);

    public override bool IsAcquired => retryAfter is null;

    public override IEnumerable<string> MetadataNames => IsAcquired ? [] : [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
        return metadata is not null;
    }
}
