using System.Threading.RateLimiting;

namespace IssuerEnrichment.Pacing;

/// <summary>A lease that is waited for. What awaits it never runs under the limiter's lock.</summary>
internal sealed class Waiter : TaskCompletionSource<RateLimitLease>
{
    public Waiter(int permits, long since)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Permits = permits;
        Since = since;
        Node = new LinkedListNode<Waiter>(this);
    }

    public int Permits { get; }

    public long Since { get; }

    public LinkedListNode<Waiter> Node { get; }

    public CancellationTokenRegistration Cancellation { get; set; }
}
