namespace IssuerEnrichment.Batching;

/// <summary>One request on behalf of several lookups, cancelled when nobody waits for it any more. Guarded by the lock of their batcher.</summary>
/// <remarks>As a source of cancellation it is neither linked nor timed, so there is nothing to dispose of.</remarks>
internal sealed class BatchRequest : CancellationTokenSource
{
    private int _waiting;

    public BatchRequest(BatchMember[] members, double chance)
    {
        Members = members;
        Chance = chance;
        _waiting = members.Length;
        StandIn = members.MaxBy(member => member.Lookup.Retry?.Failures ?? 0)!.Lookup.CreateStandIn();
        StandIn.Request = this;
        StandIn.HasFailed = members.All(member => member.Lookup.HasFailed);
        StandIn.IsProber = members.Any(member => member.Lookup.IsProber);
        StandIn.Outcome.AddOnTheWire(members.Min(member => member.Lookup.Outcome.OnTheWire));
        foreach (BatchMember member in members)
            member.Lookup.Request = this;
    }

    public BatchMember[] Members { get; }

    /// <summary>Chance from 0 to 1, drawn for all members at once: when the request fails they wait for the same time, and meet again.</summary>
    public double Chance { get; }

    /// <summary>What the request's policies take for the lookup. It has the history of the member that failed most often.</summary>
    public IssuerLookup StandIn { get; }

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
        StandIn.MarkSent(now);
        IssuerLookup[] asked = [.. Members.Where(member => !member.Task.IsCompleted).Select(member => member.Lookup)];
        asked[0].CountRequest(now);
        foreach (IssuerLookup lookup in asked)
        {
            lookup.MarkSent(now);
            lookup.Outcome.AddWaitsOf(StandIn.Outcome);
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
                member.Lookup.Outcome.AddWaitsOf(StandIn.Outcome);
        }
    }
}
