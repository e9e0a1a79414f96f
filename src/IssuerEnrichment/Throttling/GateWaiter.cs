namespace IssuerEnrichment.Throttling;

/// <summary>A request that waits at the gate. Its continuations never run under the gate's lock.</summary>
internal sealed class GateWaiter : TaskCompletionSource<GatePass>
{
    /// <param name="isProbe">Whether its request is a probe, which finds out whether the service has recovered.</param>
    public GateWaiter(bool isProbe)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        IsProbe = isProbe;
        Node = new LinkedListNode<GateWaiter>(this);
    }

    public bool IsProbe { get; }

    public LinkedListNode<GateWaiter> Node { get; }

    public CancellationTokenRegistration Cancellation { get; set; }
}
