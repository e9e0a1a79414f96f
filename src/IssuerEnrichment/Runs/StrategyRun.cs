using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>
/// One run, from the start of its strategy to the end of its last lookup. Every input gets one outcome, whatever the strategy does.
/// </summary>
internal sealed class StrategyRun : IAsyncDisposable
{
    private readonly RunPlan _plan;
    private readonly RunLifetime _lifetime;
    private readonly RunOutbox _outbox;
    private readonly RunIntake _intake;
    private readonly LookupRunner _runner;
    private readonly ParkedLookups _parked = new();
    private readonly IDisposable _serviceWatch;
    private Exception? _failure;

    /// <param name="issuerIds">The inputs.</param>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="onReading">Called when the first input is about to be read.</param>
    /// <param name="consumer">Cancelled when the consumer abandons the run.</param>
    public StrategyRun(IAsyncEnumerable<string?> issuerIds, RunPlan plan, Action onReading, CancellationToken consumer)
    {
        _plan = plan;
        _lifetime = new RunLifetime(plan.TimeProvider, plan.Options.Deadline, plan.Options.Stop, consumer);
        _outbox = new RunOutbox(plan.Environment.Telemetry, _lifetime);
        _runner = new LookupRunner(plan, _lifetime, _outbox, _parked);
        _intake = new RunIntake(issuerIds, plan, _lifetime, _outbox, _runner, _parked, onReading);
        _outbox.OnCompleted = _intake.OnCompleted;
        _outbox.Failure = () => _runner.Journal?.Failure ?? _failure;
        _serviceWatch = plan.Source.Watch(_parked.EndWaitForService);
    }

    /// <summary>The number of inputs read so far.</summary>
    public long Admitted => _intake.Admitted;

    /// <summary>The total time that lookups kept their slots until the journal had their verdicts.</summary>
    public TimeSpan Journaled => _runner.Journaled;

    /// <summary>Starts the strategy on the thread pool, independent of the consumer's synchronization context and speed.</summary>
    public void Start()
    {
        _intake.Batcher = _plan.Source.BeginRun(() => _intake.MostInFlight, _plan.MaxConcurrency, _plan.IsConcurrencyFound);
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Waits until an outcome is available; false when all were taken and the run has ended.</summary>
    /// <exception cref="Exception">The exception that the journal, the strategy or the input sequence threw.</exception>
    public ValueTask<bool> WaitAsync() => _outbox.WaitAsync();

    /// <summary>Takes an outcome.</summary>
    public bool TryTake([NotNullWhen(true)] out EnrichmentOutcome? outcome) => _outbox.TryTake(out outcome);

    /// <summary>Makes space for another input, because an outcome goes to the consumer.</summary>
    public void ReleaseInput() => _intake.ReleaseInput();

    /// <summary>Cancels everything in flight and waits for it to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.AbandonAsync().ConfigureAwait(false);
        await _outbox.Ended.ConfigureAwait(false);
        _serviceWatch.Dispose();
        _intake.Batcher?.Dispose();
        _lifetime.Dispose();
        _intake.Clear();
        if (_runner.Journal is { } journal)
            await journal.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            if (_plan.Environment.Journal is not null)
                _runner.Journal = await _plan.OpenJournalAsync(_lifetime).ConfigureAwait(false);
            await _plan.Strategy.RunAsync(_intake.ReadAsync(), _plan.MaxLookups, _lifetime.Abandoned).ConfigureAwait(false);
            if (!_intake.HasEnded && !_lifetime.Abandoned.IsCancellationRequested)
                throw new InvalidOperationException($"The strategy '{_plan.Strategy.Name}' ended before the sequence of lookups did.");
        }
        catch (OperationCanceledException) when (_lifetime.Abandoned.IsCancellationRequested)
        {
            // The consumer cancelled the run, and throws the exception with its own token.
        }
        catch (Exception e)
        {
            _failure = e;
        }

        FailUnfinished();
        _outbox.EndStrategy();
    }

    // Every input needs an outcome, even if the strategy drops its lookup.
    private void FailUnfinished()
    {
        string reason = $"The strategy '{_plan.Strategy.Name}' ended without looking the issuer up.";
        _parked.Abandon(ClientCalls.Fault(reason));
        if (_outbox.Open == 0)
            return;
        foreach (IssuerLookup lookup in _intake.Open)
        {
            if (lookup.TryBegin(isFirst: true))
                _outbox.Complete(lookup, OutcomeFactory.End(lookup, EnrichmentStatus.Failed, new EnrichmentError(EnrichmentErrorKind.Fault, reason)));
        }
    }
}
