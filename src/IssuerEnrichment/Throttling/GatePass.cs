using Polly;

namespace IssuerEnrichment.Throttling;

/// <summary>Leave to send one request, given back with what came of it.</summary>
/// <param name="epoch">Which opening of the gate it belongs to; what was sent before the gate closed says nothing about the service now.</param>
/// <param name="isProbe">Whether it is the one request that tries a service which was left alone.</param>
internal sealed class GatePass(long epoch, bool isProbe)
{
    private static readonly ResiliencePropertyKey<GatePass> Key = new("IssuerEnrichment.Pass");

    public long Epoch => epoch;

    public bool IsProbe => isProbe;

    /// <summary>When its request was sent; null while it waits for the pace, and where nobody wants to know.</summary>
    public long? SentAt { get; set; }

    /// <summary>Whether it is for one request, which is counted; while nothing holds requests back they all share one.</summary>
    public bool IsCounted { get; init; }

    /// <summary>How many other requests were in flight when its own was sent; null where nobody counts them.</summary>
    public int? Beside { get; set; }

    /// <summary>The sample that its request is part of; null where it is of none.</summary>
    public LatencySample? Sample { get; set; }

    /// <summary>The pass of the request that a pipeline carries.</summary>
    public static GatePass From(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Lets what comes between the gate and the service see it.</summary>
    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);
}
