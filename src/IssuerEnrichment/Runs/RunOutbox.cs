using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Runs;

/// <summary>Completes the lookups of a run, and passes their outcomes to the consumer. Thread-safe.</summary>
/// <param name="telemetry">Records every outcome.</param>
/// <param name="lifetime">The clock of the run.</param>
internal sealed class RunOutbox(EnrichmentTelemetry telemetry, RunLifetime lifetime)
{
    private readonly Channel<EnrichmentOutcome> _outcomes = Channel.CreateUnbounded<EnrichmentOutcome>(new() { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The strategy counts as one, so the run ends when the strategy and all lookups have ended.
    private long _open = 1;

    /// <summary>Invoked when a lookup has completed, unless it was the last.</summary>
    public Action OnCompleted { get; set; } = () => { };

    /// <summary>Returns the exception that the run ends with; null if there is none.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    /// <summary>Completes when the strategy and all lookups have ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The number of lookups that have started and not completed.</summary>
    public long Open => Volatile.Read(ref _open) - 1;

    /// <summary>Waits until an outcome is available; false when all were taken and the run has ended.</summary>
    /// <exception cref="Exception">The exception that <see cref="Failure"/> returned.</exception>
    public ValueTask<bool> WaitAsync() => _outcomes.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes an outcome.</summary>
    public bool TryTake([NotNullWhen(true)] out EnrichmentOutcome? outcome) => _outcomes.Reader.TryRead(out outcome);

    /// <summary>Notes the start of a lookup, which <see cref="Complete"/> ends.</summary>
    public void Begin() => Interlocked.Increment(ref _open);

    /// <summary>Completes a lookup and those that share its outcome. The run ends even if the user's logger throws.</summary>
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

    /// <summary>Delivers an outcome that has no lookup of its own.</summary>
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

    /// <summary>Notes that the strategy has ended.</summary>
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
