using Polly;

namespace IssuerEnrichment.Gate;

/// <summary>Leave to send one request, given back with what came of it.</summary>
/// <param name="Epoch">Which opening of the gate it belongs to; what was sent before the gate closed says nothing about the service now.</param>
/// <param name="IsProbe">Whether it is the one request that tries a service which was left alone.</param>
internal sealed record GatePass(long Epoch, bool IsProbe)
{
    private static readonly ResiliencePropertyKey<GatePass> Key = new("IssuerEnrichment.Pass");

    /// <summary>The pass of the request that a pipeline carries.</summary>
    public static GatePass From(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Lets what comes between the gate and the service see it.</summary>
    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);
}
