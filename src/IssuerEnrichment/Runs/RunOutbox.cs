using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Runs;

/// <summary>Completes the lookups of a run, and hands their outcomes to the consumer. Thread-safe.</summary>
/// <param name="telemetry">Is told of every outcome.</param>
/// <param name="lifetime">The clock of the run.</param>
internal sealed class RunOutbox(EnrichmentTelemetry telemetry, RunLifetime lifetime)
{
    private readonly Channel<EnrichmentOutcome> _outcomes = Channel.CreateUnbounded<EnrichmentOutcome>(new() { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The strategy counts as one, so the run ends when it and all its lookups have.
    private long _open = 1;

    /// <summary>Called when a lookup has completed and others have not.</summary>
    public Action OnCompleted { get; set; } = () => { };

    /// <summary>Why the run fails in the end; null where it does not.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    /// <summary>Ends when the strategy and all lookups have.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Lookups that have begun and not completed.</summary>
    public long Open => Volatile.Read(ref _open) - 1;

    /// <summary>Waits until an outcome is there; false when all have been taken and the run is over.</summary>
    /// <exception cref="Exception">What <see cref="Failure"/> gave.</exception>
    public ValueTask<bool> WaitAsync() => _outcomes.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes an outcome.</summary>
    public bool TryTake([NotNullWhen(true)] out EnrichmentOutcome? outcome) => _outcomes.Reader.TryRead(out outcome);

    /// <summary>A lookup begins, which <see cref="Complete"/> is to end.</summary>
    public void Begin() => Interlocked.Increment(ref _open);

    /// <summary>Completes a lookup, and with it those that share its outcome. Whatever a user's logger throws, the run ends.</summary>
    public void Complete(IssuerLookup lookup, EnrichmentOutcome outcome)
    {
        try
        {
            IssuerLookup? follower = lookup.Complete(outcome);
            Deliver(outcome);
            for (; follower is not null; follower = follower.NextFollower)
                Deliver(outcome.ShareWith(follower.Position, follower.IssuerId, lifetime.ElapsedSince(follower.AdmittedAt)));
        }
        finally
        {
            EndOne();
        }
    }

    /// <summary>Hands out an outcome that belongs to no lookup, or to one that has completed before.</summary>
    public void Deliver(EnrichmentOutcome outcome)
    {
        try
        {
            telemetry.Settled(outcome);
        }
        finally
        {
            _outcomes.Writer.TryWrite(outcome);
        }
    }

    /// <summary>The strategy has ended.</summary>
    public void EndStrategy() => EndOne();

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _open) != 0)
        {
            OnCompleted();
            return;
        }

        _outcomes.Writer.Complete(Failure());
        _ended.SetResult();
    }
}
