using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Batching;

/// <summary>One request on behalf of several lookups, cancelled when nobody waits for it any more. Guarded by the lock of their batcher.</summary>
/// <remarks>As a source of cancellation it is neither linked nor timed, so there is nothing to dispose of.</remarks>
internal sealed class BatchRequest : CancellationTokenSource
{
    private int _waiting;

    public BatchRequest(BatchMember[] members, double chance)
    {
        Members = members;
        _waiting = members.Length;

        // For the policies it has the history of the member that failed most often.
        Context = new RequestContext(members[0].Lookup.Lifetime, issuerId: null)
        {
            Retry = members.MaxBy(member => member.Lookup.Retry?.Failures ?? 0)!.Lookup.Retry,
            HasFailed = members.All(member => member.Lookup.HasFailed),
            IsProber = members.Any(member => member.Lookup.IsProber),
        };
        Context.Account.AddOnTheWire(members.Min(member => member.Lookup.Account.OnTheWire));
        BatchMembership.RequestFacts facts = new(members.Length, chance);
        foreach (BatchMember member in members)
        {
            member.Request = this;
            member.Lookup.Batch!.Request = facts;
        }
    }

    public BatchMember[] Members { get; }

    /// <summary>What the policies see of it.</summary>
    public RequestContext Context { get; }

    public bool IsSent { get; private set; }

    public bool IsUnderWay { get; private set; } = true;

    /// <summary>A member leaves; false where it is the last.</summary>
    public bool TryLeave() => --_waiting > 0;

    /// <summary>Ends the request, for which nobody waits any more. Not under the lock: this runs the client's code.</summary>
    public void Abandon()
    {
        try
        {
            Cancel();
        }
        catch (AggregateException)
        {
            // A client's callback threw. There is nobody here to tell, and the request ends all the same.
        }
    }

    /// <summary>The request goes out on behalf of those that still wait, the first of which counts it. Gives their ids.</summary>
    public string[] Send(long now)
    {
        Token.ThrowIfCancellationRequested();
        IsSent = true;
        Context.MarkSent(now);
        RequestContext[] asked = [.. Members.Where(member => !member.Task.IsCompleted).Select(member => member.Lookup)];
        asked[0].Account.CountRequest();
        foreach (RequestContext lookup in asked)
        {
            lookup.MarkSent(now);
            lookup.Account.AddWaitsOf(Context.Account);
        }

        return [.. asked.Select(lookup => lookup.AskedId)];
    }

    /// <summary>The request has ended; what it waited belongs to its members, whether it was sent or not.</summary>
    public void End()
    {
        IsUnderWay = false;
        foreach (BatchMember member in Members)
        {
            if (!IsSent && !member.Task.IsCompleted)
                member.Lookup.Account.AddWaitsOf(Context.Account);
        }
    }
}
