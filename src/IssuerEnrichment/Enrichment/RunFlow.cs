using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Enrichment;

/// <summary>The inside of a run: inputs are admitted as the strategy asks for them, and every one settles exactly once, into a channel.</summary>
/// <remarks>
/// Backpressure is in one place: an input is admitted only while fewer than <see cref="BoundsOptions.ReadAhead"/> inputs are admitted and not yet
/// taken by the consumer. So the channel, those who wait for another's lookup, and the reordering are bounded too.
/// </remarks>
/// <param name="issuerIds">The inputs.</param>
/// <param name="plan">What was asked for.</param>
/// <param name="onReading">Told when the first input is about to be read.</param>
/// <param name="consumer">Cancelled when the consumer gives up.</param>
internal sealed class RunFlow(IAsyncEnumerable<string?> issuerIds, RunPlan plan, Action onReading, CancellationToken consumer) : IAsyncDisposable
{
    private readonly Channel<EnrichmentOutcome> _settled = Channel.CreateUnbounded<EnrichmentOutcome>(new() { SingleReader = true });
    private readonly Room _room = new(plan.Bounds.ReadAhead, plan.MaxLookups);
    private readonly LookupLedger _ledger = new(plan.Bounds.HeldVerdicts, (issuerIds as ListSequence)?.Count ?? 0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private int _isRead;
    private bool _isExhausted;

    // The strategy itself counts as one open thing, so the run ends when it and all its lookups have.
    private long _open = 1;

    public RunLifetime Lifetime { get; } = new(plan.Options, plan.TimeProvider, consumer);

    /// <summary>Puts the run's lookups together into batches; null where the client is asked for one issuer at a time.</summary>
    public LookupBatcher? Batcher { get; private set; }

    /// <summary>Keeps verdicts from run to run; null where nothing does.</summary>
    public RunJournal? Journal { get; private set; }

    /// <summary>Inputs read so far.</summary>
    public long Admitted => _room.Entered;

    /// <summary>The most lookups that can be in flight; once the inputs have been read, those that are.</summary>
    public long MostInFlight => _isExhausted ? Math.Min(plan.MaxLookups, Volatile.Read(ref _open) - 1) : plan.MaxLookups;

    /// <summary>Starts the strategy. It runs apart from the consumer, whose synchronization context and speed are its own affair.</summary>
    public void Start()
    {
        Batcher = plan.Service.BeginRun(this, plan.MaxConcurrency, plan.IsConcurrencyFound);
        _ = Task.Run(RunStrategyAsync, CancellationToken.None);
    }

    /// <summary>Waits until an outcome has settled; false when all have been taken and the run is over.</summary>
    /// <exception cref="Exception">What the journal, the strategy or the sequence of inputs threw.</exception>
    public ValueTask<bool> WaitAsync() => _settled.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes an outcome that has settled.</summary>
    public bool TryTake([NotNullWhen(true)] out EnrichmentOutcome? outcome) => _settled.Reader.TryRead(out outcome);

    /// <summary>Makes room for another input, since an outcome goes to the consumer.</summary>
    public void MakeRoom() => _room.Leave();

    /// <summary>Runs a lookup and settles it.</summary>
    public ValueTask RunAsync(IssuerLookup lookup)
    {
        long now = Begin(lookup);
        return plan.Service.LookUpAsync(lookup, plan.Options.MarketSectors, now);
    }

    /// <summary>The same on the calling thread, which makes the blocking calls.</summary>
    public void Run(IssuerLookup lookup, Action leaveBehind)
    {
        long now = Begin(lookup);
        CallingThread? caller = lookup.Caller = plan.Service.IsBlocking ? new CallingThread(leaveBehind) : null;
        ValueTask ended = plan.Service.LookUpAsync(lookup, plan.Options.MarketSectors, now);

        // To block is what this is for: the thread is the strategy's own, never one of the shared pool.
        if (caller is not null)
            caller.ServeUntil(ended.AsTask());
        else if (ended.IsCompleted)
            ended.GetAwaiter().GetResult();
        else
            ended.AsTask().GetAwaiter().GetResult();
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
        Batcher?.Dispose();
        Lifetime.Dispose();
        _ledger.Clear();
        if (Journal is not null)
            await Journal.DisposeAsync().ConfigureAwait(false);
    }

    private long Begin(IssuerLookup lookup)
    {
        if (!lookup.Outcome.TryBegin())
            throw new InvalidOperationException($"The strategy '{plan.Strategy.Name}' ran a lookup twice.");
        long now = Lifetime.Now;
        lookup.Outcome.AddAdmission(plan.TimeProvider.GetElapsedTime(lookup.AdmittedAt, now));
        return now;
    }

    private async Task RunStrategyAsync()
    {
        try
        {
            if (plan.Environment.Journal is { } journal)
                Journal = await RunJournal.OpenAsync(journal, plan, Lifetime).ConfigureAwait(false);
            await plan.Strategy.RunAsync(AdmitAsync(), plan.MaxLookups, Lifetime.Abandoned).ConfigureAwait(false);
            if (!_isExhausted && !Lifetime.Abandoned.IsCancellationRequested)
                throw new InvalidOperationException($"The strategy '{plan.Strategy.Name}' ended before the sequence of lookups did.");
        }
        catch (OperationCanceledException) when (Lifetime.Abandoned.IsCancellationRequested)
        {
            // The consumer, who cancelled, throws it with its own token.
        }
        catch (Exception e)
        {
            _failure = e;
        }

        SettleTheForgotten();
        CloseOne();
    }

    private async IAsyncEnumerable<IssuerLookup> AdmitAsync()
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException($"The strategy '{plan.Strategy.Name}' read the sequence of lookups twice.");

        onReading();
        IAsyncEnumerator<string?> source = issuerIds.GetAsyncEnumerator(Lifetime.Abandoned);
        await using (source.ConfigureAwait(false))
        {
            while (true)
            {
                await _room.AwaitPlaceAsync(Lifetime.Abandoned).ConfigureAwait(false);
                if (!await source.MoveNextAsync().ConfigureAwait(false))
                    break;
                IssuerLookup lookup = new(this, new EnrichmentOutcome(_room.Entered, source.Current), Lifetime.Now);
                _room.Enter();
                if (MustRun(lookup) && (Journal is null || !await IsRecalledAsync(lookup.Outcome).ConfigureAwait(false)))
                    yield return lookup;
            }
        }

        _isExhausted = true;
        Batcher?.Reconsider();
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
    private async ValueTask<bool> IsRecalledAsync(EnrichmentOutcome outcome)
    {
        try
        {
            if (await Journal!.FindAsync(outcome.IssuerId!).ConfigureAwait(false) is not { } record)
                return false;
            plan.Service.Recall(record, outcome, plan.Options.MarketSectors);
        }
        catch
        {
            outcome.End(EnrichmentStatus.NotAttempted, Lifetime.Describe(attempts: 0));
            Settle(outcome);
            throw;
        }

        Settle(outcome);
        return true;
    }

    private bool IsRefused(EnrichmentOutcome outcome)
    {
        try
        {
            if (plan.Service.Refuse(outcome.IssuerId) is not { } reason)
                return false;
            outcome.End(EnrichmentStatus.Invalid, new EnrichmentError(EnrichmentErrorKind.InvalidId, reason));
        }
        catch (Exception e)
        {
            outcome.End(EnrichmentStatus.Failed, Failure.Of(e).Error);
        }

        return true;
    }

    private void Deliver(EnrichmentOutcome outcome)
    {
        try
        {
            plan.Environment.Telemetry.Settled(outcome);
        }
        finally
        {
            _settled.Writer.TryWrite(outcome);
        }
    }

    // A strategy that loses lookups must not make the run lose issuers.
    private void SettleTheForgotten()
    {
        if (Interlocked.Read(ref _open) == 1)
            return;
        foreach (EnrichmentOutcome outcome in _ledger.Unsettled)
        {
            if (!outcome.TryBegin())
                continue;
            outcome.End(EnrichmentStatus.Failed, new EnrichmentError(
                EnrichmentErrorKind.Fault, $"The strategy '{plan.Strategy.Name}' ended without looking the issuer up."));
            Settle(outcome);
        }
    }

    private void CloseOne()
    {
        if (Interlocked.Decrement(ref _open) != 0)
        {
            Batcher?.Reconsider();
            return;
        }

        _settled.Writer.Complete(Journal?.Failure ?? _failure);
        _ended.SetResult();
    }
}
