using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Batching;

/// <summary>A lookup that waits for its part of a batch response. Its continuations never run under the batcher's lock.</summary>
internal sealed class BatchMember : TaskCompletionSource<IssuerAnswer>
{
    public BatchMember(RequestContext lookup)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Lookup = lookup;
        Since = lookup.Lifetime.Now;
        Node = new LinkedListNode<BatchMember>(this);
    }

    public RequestContext Lookup { get; }

    /// <summary>The request that it is part of; null while it waits for one.</summary>
    public BatchRequest? Request { get; set; }

    /// <summary>When it started to wait for a request, as a timestamp.</summary>
    public long Since { get; set; }

    public LinkedListNode<BatchMember> Node { get; }

    public CancellationTokenRegistration Cancellation { get; set; }
}
