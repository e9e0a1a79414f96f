using System.Threading.RateLimiting;

namespace IssuerEnrichment.Throttling;

/// <summary>A permit to start now, or a rejected lease with <paramref name="retryAfter"/>, the time that it would have taken.</summary>
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
