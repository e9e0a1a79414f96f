namespace IssuerEnrichment.Throttling;

/// <summary>A request that waits at the gate. What awaits it never runs under the gate's lock.</summary>
internal sealed class GateWaiter : TaskCompletionSource<GatePass>
{
    /// <param name="isProbe">Whether its request is to show whether a service that is down is up again.</param>
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
