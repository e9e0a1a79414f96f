using System.Threading.RateLimiting;

namespace IssuerEnrichment.Throttling;

/// <summary>A lease that is waited for. Its continuations never run under the limiter's lock.</summary>
internal sealed class Waiter : TaskCompletionSource<RateLimitLease>
{
    public Waiter(int permits, long since, Func<bool>? isWanted = null)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Permits = permits;
        Since = since;
        IsWanted = isWanted;
        Node = new LinkedListNode<Waiter>(this);
    }

    public int Permits { get; }

    public long Since { get; }

    /// <summary>Returns whether the permits are still wanted; null if they always are.</summary>
    public Func<bool>? IsWanted { get; }

    public LinkedListNode<Waiter> Node { get; }

    public CancellationTokenRegistration Cancellation { get; set; }
}
