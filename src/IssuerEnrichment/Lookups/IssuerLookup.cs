using IssuerEnrichment.Lookups;

namespace IssuerEnrichment;

/// <summary>One lookup of a run. A strategy runs it exactly once each time it is handed to it.</summary>
/// <remarks>
/// It never throws for a failed issuer, and it ends early by itself when the run is cancelled or its deadline has come. A lookup that has to wait, for
/// its next attempt or for a service that is down, gives its place up: the call ends, and the sequence hands the lookup out again later.
/// </remarks>
public sealed class IssuerLookup
{
    private readonly ILookupRunner _runner;
    private int _state;

    // The last of the duplicates that wait for its outcome, each of which knows the one before; the outcome once it has completed.
    private object? _followers;

    internal IssuerLookup(ILookupRunner runner, long position, string issuerId, long admittedAt)
    {
        _runner = runner;
        Position = position;
        IssuerId = issuerId;
        AdmittedAt = admittedAt;
    }

    /// <summary>The id to look up.</summary>
    public string IssuerId { get; }

    /// <summary>The input's place in the sequence.</summary>
    internal long Position { get; }

    /// <summary>When the run read the input, as a timestamp of its clock.</summary>
    internal long AdmittedAt { get; }

    /// <summary>What the policies see; null for a duplicate, and once it has completed.</summary>
    internal RequestContext? Context { get; private set; }

    /// <summary>What became of it; null until it has completed.</summary>
    internal EnrichmentOutcome? Outcome => Volatile.Read(ref _followers) as EnrichmentOutcome;

    /// <summary>Another duplicate that waits for the same outcome.</summary>
    internal IssuerLookup? NextFollower { get; private set; }

    internal bool IsCompleted => Outcome is not null;

    /// <summary>Whether it has completed or has given its place up.</summary>
    internal bool HasNoPlace => IsCompleted || Volatile.Read(ref _state) == State.Parked;

    /// <summary>Looks the issuer up, with all policies applied, until its outcome is delivered to the run or the lookup has to wait without a place.</summary>
    /// <exception cref="InvalidOperationException">It has been run since it was last handed out.</exception>
    public ValueTask RunAsync() => _runner.RunAsync(this);

    /// <summary>Does the same, blocking the calling thread; blocking clients are called on this very thread.</summary>
    /// <param name="leaveBehind">
    /// Called, on another thread, where the caller is stuck in a blocking client that does not heed its cancellation. The lookup ends without
    /// it; the thread, should it ever come back, is to stop.
    /// </param>
    /// <exception cref="InvalidOperationException">It has been run since it was last handed out.</exception>
    public void Run(Action leaveBehind) => _runner.Run(this, leaveBehind);

    /// <summary>It is the first of its id, and is to be looked up.</summary>
    internal void Lead(RequestContext context) => Context = context;

    /// <summary>It is run; true for whoever comes first, each time that it is handed to a strategy.</summary>
    /// <param name="isFirst">Whether only the first time counts.</param>
    internal bool TryBegin(bool isFirst = false) => isFirst
        ? Interlocked.CompareExchange(ref _state, State.Begun, State.NotBegun) == State.NotBegun
        : Interlocked.Exchange(ref _state, State.Begun) != State.Begun;

    /// <summary>It has given its place up, and may be run once more.</summary>
    internal void MarkParked() => Volatile.Write(ref _state, State.Parked);

    /// <summary>Lets a duplicate wait for its outcome; false where it has completed.</summary>
    internal bool TryAddFollower(IssuerLookup follower)
    {
        object? last;
        do
        {
            last = Volatile.Read(ref _followers);
            if (last is EnrichmentOutcome)
                return false;
            follower.NextFollower = (IssuerLookup?)last;
        }
        while (Interlocked.CompareExchange(ref _followers, follower, last) != last);
        return true;
    }

    /// <summary>Completes it.</summary>
    /// <returns>The last of the duplicates that wait for its outcome.</returns>
    internal IssuerLookup? Complete(EnrichmentOutcome outcome)
    {
        Context?.End();
        Context = null;
        return (IssuerLookup?)Interlocked.Exchange(ref _followers, outcome);
    }

    private static class State
    {
        public const int NotBegun = 0;
        public const int Begun = 1;
        public const int Parked = 2;
    }
}
