using IssuerEnrichment.Lookups;

namespace IssuerEnrichment;

/// <summary>A lookup of one issuer in a run. A strategy must run it exactly once each time the sequence returns it.</summary>
/// <remarks>
/// A lookup does not throw if its issuer fails. It ends early by itself when the run is cancelled or its deadline expires. A lookup that has to wait,
/// for its next attempt or for the service to recover, gives up its slot: the call returns, and the sequence returns the lookup again later.
/// </remarks>
public sealed class IssuerLookup
{
    private readonly ILookupRunner _runner;
    private int _state;

    // Until the lookup completes, the last of the duplicates that share its outcome, each linked to the previous one. Afterwards, the outcome.
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

    /// <summary>The position of the input in the sequence.</summary>
    internal long Position { get; }

    /// <summary>When the run read the input, as a timestamp.</summary>
    internal long AdmittedAt { get; }

    /// <summary>The context for the policies; null for a duplicate, and after the lookup has completed.</summary>
    internal RequestContext? Context { get; private set; }

    /// <summary>The outcome; null until the lookup has completed.</summary>
    internal EnrichmentOutcome? Outcome => Volatile.Read(ref _followers) as EnrichmentOutcome;

    /// <summary>The next duplicate that shares the same outcome.</summary>
    internal IssuerLookup? NextFollower { get; private set; }

    internal bool IsCompleted => Outcome is not null;

    /// <summary>Whether the lookup has completed or has given up its slot.</summary>
    internal bool HasNoPlace => IsCompleted || Volatile.Read(ref _state) == State.Parked;

    /// <summary>
    /// Looks up the issuer with all policies. Completes when the outcome is delivered to the run, or the lookup has given up its slot to wait.
    /// </summary>
    /// <exception cref="InvalidOperationException">The lookup was already run since the sequence last returned it.</exception>
    public ValueTask RunAsync() => _runner.RunAsync(this);

    /// <summary>Looks up the issuer and blocks the calling thread. Blocking clients are called on this thread.</summary>
    /// <param name="leaveBehind">
    /// Called on another thread if the calling thread is stuck in a blocking client that ignores cancellation. The lookup ends without it. If the
    /// call ever returns, the thread must stop.
    /// </param>
    /// <exception cref="InvalidOperationException">The lookup was already run since the sequence last returned it.</exception>
    public void Run(Action leaveBehind) => _runner.Run(this, leaveBehind);

    /// <summary>Marks the lookup as the first with its id, which is to be run.</summary>
    internal void Lead(RequestContext context) => Context = context;

    /// <summary>Starts the lookup. Returns true for the first caller, each time the lookup is given to a strategy.</summary>
    /// <param name="isFirst">Whether to start only a lookup that was never run.</param>
    internal bool TryBegin(bool isFirst = false) => isFirst
        ? Interlocked.CompareExchange(ref _state, State.Begun, State.NotBegun) == State.NotBegun
        : Interlocked.Exchange(ref _state, State.Begun) != State.Begun;

    /// <summary>Marks the lookup as parked, so that it can be run again.</summary>
    internal void MarkParked() => Volatile.Write(ref _state, State.Parked);

    /// <summary>Adds a duplicate that shares the outcome; false if the lookup has completed.</summary>
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

    /// <summary>Completes the lookup.</summary>
    /// <returns>The last of the duplicates that share the outcome.</returns>
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
