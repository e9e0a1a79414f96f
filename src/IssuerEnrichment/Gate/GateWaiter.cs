namespace IssuerEnrichment.Gate;

/// <summary>A request that waits at the gate. What awaits it never runs under the gate's lock.</summary>
internal sealed class GateWaiter : TaskCompletionSource<GatePass>
{
    public GateWaiter()
        : base(TaskCreationOptions.RunContinuationsAsynchronously) => Node = new LinkedListNode<GateWaiter>(this);

    public LinkedListNode<GateWaiter> Node { get; }

    public CancellationTokenRegistration Cancellation { get; set; }
}
