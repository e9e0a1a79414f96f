using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Batching;

/// <summary>A request for several lookups. It is cancelled when no lookup waits for it any more. Guarded by the lock of its batcher.</summary>
/// <remarks>The token source is neither linked nor has a timer, so it need not be disposed of.</remarks>
internal sealed class BatchRequest : CancellationTokenSource
{
    private int _waiting;

    public BatchRequest(BatchMember[] members, double chance)
    {
        Members = members;
        _waiting = members.Length;

        // The policies see the history of the member that failed most often.
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

    /// <summary>The request as the policies see it.</summary>
    public RequestContext Context { get; }

    public bool IsSent { get; private set; }

    public bool IsUnderWay { get; private set; } = true;

    /// <summary>Removes a member; false if it is the last one.</summary>
    public bool TryLeave() => --_waiting > 0;

    /// <summary>
    /// Cancels the request, because nobody waits for it any more. Must not be called under the lock, because it runs the client's code.
    /// </summary>
    public void Abandon()
    {
        try
        {
            Cancel();
        }
        catch (AggregateException)
        {
            // A callback of the client threw. There is nobody to report it to, and the request ends anyway.
        }
    }

    /// <summary>Marks the request as sent, and counts it for the first of the waiting members. Returns their ids.</summary>
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

    /// <summary>Ends the request, and adds its waits to those of its members, even if it was not sent.</summary>
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
