using Polly;

namespace IssuerEnrichment.Throttling;

/// <summary>Permission to send one request. It is returned to the gate with the result.</summary>
/// <param name="epoch">
/// The number of times that the gate had opened. Results of requests that were sent before the gate closed say nothing about the current state.
/// </param>
/// <param name="isProbe">Whether the request probes a service after a pause.</param>
internal sealed class GatePass(long epoch, bool isProbe)
{
    private static readonly ResiliencePropertyKey<GatePass> Key = new("IssuerEnrichment.Pass");

    public long Epoch => epoch;

    public bool IsProbe => isProbe;

    /// <summary>The timestamp when its request was sent; null while it waits for the rate limit, or if nothing needs it.</summary>
    public long? SentAt { get; set; }

    /// <summary>Whether it is for one request, which is counted. While nothing is limited, all requests share one pass.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The number of other requests in flight when its request was sent; null if they are not counted.</summary>
    public int? OthersInFlight { get; set; }

    /// <summary>The sample that its request is part of; null if there is none.</summary>
    public LatencySample? Sample { get; set; }

    /// <summary>Returns the pass attached to a pipeline's context.</summary>
    public static GatePass From(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Attaches it to a pipeline's context.</summary>
    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);
}
