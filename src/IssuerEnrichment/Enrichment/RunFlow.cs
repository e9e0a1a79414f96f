using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Gate;
using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Enrichment;

/// <summary>The inside of a run: inputs are admitted as the strategy asks for them, and every one settles exactly once, into a channel.</summary>
/// <remarks>
/// Backpressure is in one place: an input is admitted only while fewer than <see cref="BoundsOptions.ReadAhead"/> inputs are admitted and not yet
/// taken by the consumer. So the channel, those who wait for another's lookup, and the reordering are bounded too.
/// </remarks>
internal sealed class RunFlow : IAsyncDisposable
{
    private readonly RunPlan _plan;
    private readonly RunIntake _intake;
    private readonly LookupLedger _ledger;
    private readonly IDisposable _serviceWatch;
    private readonly Channel<EnrichmentOutcome> _settled = Channel.CreateUnbounded<EnrichmentOutcome>(new() { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;

    // The strategy itself counts as one open thing, so the run ends when it and all its lookups have.
    private long _open = 1;
    private long _begun;

    /// <param name="issuerIds">The inputs.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="onReading">Called when the first input is about to be read.</param>
    /// <param name="consumer">Cancelled when the consumer gives up.</param>
    public RunFlow(IAsyncEnumerable<string?> issuerIds, RunPlan plan, Action onReading, CancellationToken consumer)
    {
        _plan = plan;
        _intake = new RunIntake(issuerIds, this, plan, onReading);
        _ledger = new LookupLedger(plan.Bounds.HeldVerdicts, (issuerIds as ListSequence)?.Count ?? 0);
        Lifetime = new RunLifetime(plan.Options, plan.TimeProvider, consumer);
        _serviceWatch = plan.Service.Watch(_intake.Parked.EndWaitForService);
    }

    public RunLifetime Lifetime { get; }

    /// <summary>Puts the run's lookups together into batches; null where the client is asked for one issuer at a time.</summary>
    public LookupBatcher? Batcher { get; private set; }

    /// <summary>Keeps verdicts from run to run; null where nothing does.</summary>
    public RunJournal? Journal { get; private set; }

    /// <summary>Lookups that wait without a place.</summary>
    public ParkedLookups Parked => _intake.Parked;

    /// <summary>Inputs read so far.</summary>
    public long Admitted => _intake.Admitted;

    /// <summary>The most lookups that can be in flight soon; once the inputs have been read, those that are or come back by themselves.</summary>
    public long MostInFlight => _intake.IsExhausted ? Math.Min(_plan.MaxLookups, Unparked + Parked.Count - Parked.ForService) : _plan.MaxLookups;

    /// <summary>Whether the strategy runs no lookup at the moment. It may have been given some that it has not begun.</summary>
    public bool IsIdle => Unparked <= _intake.HandedOut - Interlocked.Read(ref _begun);

    private long Unparked => Volatile.Read(ref _open) - 1 - Parked.Count - _intake.Skipped;

    /// <summary>Starts the strategy. It runs apart from the consumer, whose synchronization context and speed are its own affair.</summary>
    public void Start()
    {
        Batcher = _plan.Service.BeginRun(this, _plan.MaxConcurrency, _plan.IsConcurrencyFound);
        _ = Task.Run(RunStrategyAsync, CancellationToken.None);
    }

    /// <summary>Waits until an outcome has settled; false when all have been taken and the run is over.</summary>
    /// <exception cref="Exception">What the journal, the strategy or the sequence of inputs threw.</exception>
    public ValueTask<bool> WaitAsync() => _settled.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes an outcome that has settled.</summary>
    public bool TryTake([NotNullWhen(true)] out EnrichmentOutcome? outcome) => _settled.Reader.TryRead(out outcome);

    /// <summary>Makes room for another input, since an outcome goes to the consumer.</summary>
    public void MakeRoom() => _intake.MakeRoom();

    /// <summary>Runs a lookup until it settles or gives its place up.</summary>
    public ValueTask RunAsync(IssuerLookup lookup)
    {
        long now = Begin(lookup);
        lookup.Caller = null;
        return Continue(lookup, now);
    }

    /// <summary>The same on the calling thread, which makes the blocking calls.</summary>
    public void Run(IssuerLookup lookup, Action leaveBehind)
    {
        long now = Begin(lookup);
        CallingThread? caller = lookup.Caller = _plan.Service.IsBlocking ? new CallingThread(leaveBehind) : null;
        ValueTask ended = Continue(lookup, now);

        // To block is what this is for: the thread is the strategy's own, never one of the shared pool.
        if (caller is not null)
            caller.ServeUntil(ended.AsTask());
        else if (ended.IsCompleted)
            ended.GetAwaiter().GetResult();
        else
            ended.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Admits an input. Gives its lookup; null where the input is settled already, or will be with the lookup that it shares.</summary>
    public ValueTask<IssuerLookup?> AdmitAsync(string? issuerId)
    {
        IssuerLookup lookup = new(this, new EnrichmentOutcome(_intake.Enter(), issuerId), Lifetime.Now);
        if (!MustRun(lookup))
            return default;
        return Journal is null ? new ValueTask<IssuerLookup?>(lookup) : RecallAsync(lookup);
    }

    /// <summary>Hands out an outcome, to all that share it. Whatever a user's logger throws, the run ends.</summary>
    public void Settle(EnrichmentOutcome outcome)
    {
        try
        {
            IssuerLookup? follower = outcome.Settle();
            Deliver(outcome);
            for (; follower is not null; follower = follower.NextFollower)
                Deliver(outcome.ShareWith(follower.Outcome, Lifetime.ElapsedSince(follower.AdmittedAt)));
        }
        finally
        {
            CloseOne();
        }
    }

    /// <summary>Ends everything in flight and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Lifetime.AbandonAsync().ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
        _serviceWatch.Dispose();
        Batcher?.Dispose();
        Lifetime.Dispose();
        _ledger.Clear();
        if (Journal is not null)
            await Journal.DisposeAsync().ConfigureAwait(false);
    }

    private long Begin(IssuerLookup lookup)
    {
        if (!lookup.Outcome.TryBegin())
            throw new InvalidOperationException($"The strategy '{_plan.Strategy.Name}' ran a lookup twice.");
        Interlocked.Increment(ref _begun);
        return Lifetime.Now;
    }

    private ValueTask Continue(IssuerLookup lookup, long now)
    {
        if (lookup.Place is { } place)
            return new ValueTask(place.ReturnAsync());
        lookup.Outcome.AddAdmission(_plan.TimeProvider.GetElapsedTime(lookup.AdmittedAt, now));
        return _plan.Service.LookUpAsync(lookup, _plan.Options.MarketSectors, now);
    }

    private async Task RunStrategyAsync()
    {
        try
        {
            if (_plan.Environment.Journal is { } journal)
                Journal = await RunJournal.OpenAsync(journal, _plan, Lifetime).ConfigureAwait(false);
            await _plan.Strategy.RunAsync(_intake.ReadAsync(), _plan.MaxLookups, Lifetime.Abandoned).ConfigureAwait(false);
            if (!_intake.HasEnded && !Lifetime.Abandoned.IsCancellationRequested)
                throw new InvalidOperationException($"The strategy '{_plan.Strategy.Name}' ended before the sequence of lookups did.");
        }
        catch (OperationCanceledException) when (Lifetime.Abandoned.IsCancellationRequested)
        {
            // The consumer, who cancelled, throws it with its own token.
        }
        catch (Exception e)
        {
            _failure = e;
        }

        FailUnfinished();
        CloseOne();
    }

    // What need not run is settled here, or will be with the lookup it shares.
    private bool MustRun(IssuerLookup lookup)
    {
        EnrichmentOutcome outcome = lookup.Outcome;
        if (IsRefused(outcome))
        {
            Deliver(outcome);
            return false;
        }

        if (!_ledger.TryLead(lookup, out EnrichmentOutcome? verdict))
        {
            if (verdict is not null)
                Deliver(verdict.ShareWith(outcome, TimeSpan.Zero));
            return false;
        }

        Interlocked.Increment(ref _open);
        if (!Lifetime.IsEnding)
            return true;
        outcome.End(EnrichmentStatus.NotAttempted, Lifetime.Describe(attempts: 0));
        Settle(outcome);
        return false;
    }

    // What an earlier run was told is settled here as well.
    private async ValueTask<IssuerLookup?> RecallAsync(IssuerLookup lookup)
    {
        EnrichmentOutcome outcome = lookup.Outcome;
        try
        {
            if (await Journal!.FindAsync(outcome.IssuerId!).ConfigureAwait(false) is not { } record)
                return lookup;
            _plan.Service.Recall(record, outcome, _plan.Options.MarketSectors);
        }
        catch
        {
            outcome.End(EnrichmentStatus.NotAttempted, Lifetime.Describe(attempts: 0));
            Settle(outcome);
            throw;
        }

        Settle(outcome);
        return null;
    }

    private bool IsRefused(EnrichmentOutcome outcome)
    {
        try
        {
            if (_plan.Service.Refuse(outcome.IssuerId) is not { } reason)
                return false;
            outcome.End(EnrichmentStatus.Invalid, new EnrichmentError(EnrichmentErrorKind.InvalidId, reason));
        }
        catch (Exception e)
        {
            outcome.End(EnrichmentStatus.Failed, AnswerJudge.Judge(e).Error!);
        }

        return true;
    }

    private void Deliver(EnrichmentOutcome outcome)
    {
        try
        {
            _plan.Environment.Telemetry.Settled(outcome);
        }
        finally
        {
            _settled.Writer.TryWrite(outcome);
        }
    }

    // A strategy that loses lookups must not make the run lose issuers.
    private void FailUnfinished()
    {
        Parked.Abandon(IssuerClientAdapter.Fault(Unfinished));
        if (Interlocked.Read(ref _open) == 1)
            return;
        foreach (EnrichmentOutcome outcome in _ledger.Unsettled)
        {
            if (!outcome.TryBegin(isFirst: true))
                continue;
            outcome.End(EnrichmentStatus.Failed, new EnrichmentError(EnrichmentErrorKind.Fault, Unfinished));
            Settle(outcome);
        }
    }

    private string Unfinished => $"The strategy '{_plan.Strategy.Name}' ended without looking the issuer up.";

    private void CloseOne()
    {
        if (Interlocked.Decrement(ref _open) != 0)
        {
            Batcher?.Reconsider();
            _intake.OnSettled();
            return;
        }

        _settled.Writer.Complete(Journal?.Failure ?? _failure);
        _ended.SetResult();
    }
}
