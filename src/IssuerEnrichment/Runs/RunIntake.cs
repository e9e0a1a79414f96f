using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Runs;

/// <summary>
/// Gives the strategy its lookups: those of new inputs, read as far as there is room, and parked ones whose wait is over. While the service is suspected
/// to be down, new ones come first, since only another issuer shows whether it is.
/// </summary>
/// <remarks>
/// Backpressure is in one place: an input is admitted only while fewer than <see cref="BoundsOptions.ReadAhead"/> inputs are admitted and not yet
/// taken by the consumer. So what the outbox holds, the duplicates that wait for another's lookup, and the reordering are bounded too.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "Whoever reads the sequence to its end disposes of the reader.")]
internal sealed class RunIntake
{
    private readonly IAsyncEnumerable<string?> _issuerIds;
    private readonly RunPlan _plan;
    private readonly RunLifetime _lifetime;
    private readonly RunOutbox _outbox;
    private readonly LookupRunner _runner;
    private readonly ParkedLookups _parked;
    private readonly Action _onReading;
    private readonly LookupLedger _ledger;
    private readonly Room _room;

    // New ones that were passed over while the service was down.
    private readonly LinkedList<IssuerLookup> _skipped = new();
    private bool _isNewNext;
    private int _stride;
    private int _left;

    // The one that was last handed out to show whether the service is up.
    private IssuerLookup? _prober;

    // Tells of a change in what is parked.
    private Task? _change;
    private InputReader? _inputs;

    private int _isRead;
    private long _handedOut;

    /// <param name="issuerIds">The inputs.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="lifetime">Ends the run.</param>
    /// <param name="outbox">Takes the outcomes of what need not run.</param>
    /// <param name="runner">Runs the lookups.</param>
    /// <param name="parked">Those that wait without a place.</param>
    /// <param name="onReading">Called when the first input is about to be read.</param>
    public RunIntake(
        IAsyncEnumerable<string?> issuerIds,
        RunPlan plan,
        RunLifetime lifetime,
        RunOutbox outbox,
        LookupRunner runner,
        ParkedLookups parked,
        Action onReading)
    {
        _issuerIds = issuerIds;
        _plan = plan;
        _lifetime = lifetime;
        _outbox = outbox;
        _runner = runner;
        _parked = parked;
        _onReading = onReading;
        _ledger = new LookupLedger(plan.Bounds.HeldVerdicts, (issuerIds as ListSequence)?.Count ?? 0);
        _room = new Room(plan.Bounds.ReadAhead, plan.MaxLookups);
    }

    /// <summary>Puts the run's lookups together into batches; null where the client is asked for one issuer at a time.</summary>
    public LookupBatcher? Batcher { get; set; }

    /// <summary>Inputs read so far.</summary>
    public long Admitted => _room.Entered;

    /// <summary>Lookups that have not completed.</summary>
    public IEnumerable<IssuerLookup> Open => _ledger.Open;

    /// <summary>Whether the strategy has been told that no more lookups come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The most lookups that can be in flight soon; once the inputs have been read, those that are or come back by themselves.</summary>
    public long MostInFlight => IsExhausted ? Math.Min(_plan.MaxLookups, InFlight + _parked.Count - _parked.ForService) : _plan.MaxLookups;

    private long InFlight => _outbox.Open - _parked.Count - _skipped.Count;

    // Whether the strategy runs no lookup at the moment. It may have been given some that it has not begun.
    private bool IsIdle => InFlight <= Volatile.Read(ref _handedOut) - _runner.Begun;

    private bool IsExhausted => _inputs is { IsExhausted: true };

    private bool IsDown => _plan.Source.IsDown;

    private bool IsProbing => IsDown && _prober is { HasNoPlace: false };

    private bool IsNewAtHand => _inputs!.IsAtHand;

    /// <summary>Makes room for another input, since an outcome goes to the consumer.</summary>
    public void MakeRoom() => _room.Leave();

    /// <summary>A lookup has completed, which may be what the sequence waits for.</summary>
    public void OnCompleted()
    {
        Batcher?.Reconsider();
        if (IsExhausted || _parked.Count > 0)
            _parked.Notify();
    }

    /// <summary>Lets go of all verdicts.</summary>
    public void Clear() => _ledger.Clear();

    /// <summary>The lookups, in the order in which they are to run. To be read once.</summary>
    public async IAsyncEnumerable<IssuerLookup> ReadAsync()
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException($"The strategy '{_plan.Strategy.Name}' read the sequence of lookups twice.");

        _onReading();
        InputReader inputs = _inputs = new(_issuerIds, _room, _lifetime, _plan.TimeProvider);
        using CancellationTokenRegistration ending = _lifetime.Ending.UnsafeRegister(static parked => ((ParkedLookups)parked!).Notify(), _parked);
        await using (inputs.ConfigureAwait(false))
        {
            while (true)
            {
                if (TakeWaiting() is { } waiting)
                {
                    yield return HandOut(waiting);
                }
                else if (IsNewAtHand && !IsProbing)
                {
                    if (await ReadNewAsync(inputs).ConfigureAwait(false) is { } lookup && !IsSkipped(lookup))
                        yield return HandOut(lookup);
                }
                else if (IsExhausted && _skipped.Count == 0 && IsIdle && _parked.TryStop())
                {
                    break;
                }
                else if (_change is null)
                {
                    // Then look once more, for what changed before this was not told.
                    _change = _parked.ChangeAsync();
                }
                else
                {
                    await inputs.WaitAsync(_change).ConfigureAwait(false);
                    _change = null;
                }
            }
        }

        HasEnded = true;
    }

    // A lookup that was read before and can run now. While the service is down there is one at a time, and new ones go before it: only another issuer
    // shows whether the service is up.
    private IssuerLookup? TakeWaiting()
    {
        if (IsDown)
        {
            if (IsProbing || IsNewAtHand)
                return null;

            // A parked one asks for the canary, where there is one; then that tells most.
            return Probe(
                (_plan.Source.HasCanary ? null : TakeSkipped(_skipped.Last))
                ?? _parked.TryTakeForService()
                ?? _parked.TryTake()
                ?? TakeSkipped(_skipped.Last));
        }

        // Those that come back may all be bad, so new ones run between them.
        _stride = 0;
        if (_parked.Count + _skipped.Count > 0 && (_isNewNext = !_isNewNext && IsNewAtHand) is false)
        {
            if ((_parked.TryTake() ?? TakeSkipped(_skipped.First)) is { } waiting)
                return waiting;
        }

        // Nobody else is left who could show whether the service is up.
        return _parked.Count > 0 && !IsNewAtHand && IsIdle ? Probe(_parked.TryTakeForService()) : null;
    }

    // Bad issuers may come side by side. So while the service is down each new one that is tried is four times as far from the one before.
    private bool IsSkipped(IssuerLookup lookup)
    {
        if (!IsDown)
            return false;
        if (_left-- > 0)
        {
            _skipped.AddLast(lookup);
            return true;
        }

        _left = _stride;
        _stride = (4 * _stride) + 1;
        Probe(lookup);
        return false;
    }

    private IssuerLookup? TakeSkipped(LinkedListNode<IssuerLookup>? skipped)
    {
        if (skipped is not null)
            _skipped.Remove(skipped);
        return skipped?.Value;
    }

    private IssuerLookup? Probe(IssuerLookup? lookup)
    {
        if (lookup?.Context is { } context)
            context.IsProber = true;
        _prober = lookup ?? _prober;
        return lookup;
    }

    private IssuerLookup HandOut(IssuerLookup lookup)
    {
        Volatile.Write(ref _handedOut, _handedOut + 1);
        return lookup;
    }

    // Null where a step gave no lookup.
    private async ValueTask<IssuerLookup?> ReadNewAsync(InputReader inputs)
    {
        if (await inputs.ReadAsync().ConfigureAwait(false))
            return await AdmitAsync(inputs.Current).ConfigureAwait(false);
        if (IsExhausted)
            Batcher?.Reconsider();
        return null;
    }

    // Gives the lookup of an input; null where it has its outcome already, or gets it with the lookup that it shares.
    private ValueTask<IssuerLookup?> AdmitAsync(string? issuerId)
    {
        long position = _room.Entered;
        _room.Enter();
        if (RefusalOf(position, issuerId) is { } refusal)
        {
            _outbox.Deliver(refusal);
            return default;
        }

        IssuerLookup lookup = new(_runner, position, issuerId!, _lifetime.Now);
        if (!_ledger.TryLead(lookup, out EnrichmentOutcome? verdict))
        {
            if (verdict is not null)
                _outbox.Deliver(verdict.ShareWith(position, issuerId!, TimeSpan.Zero));
            return default;
        }

        lookup.Lead(new RequestContext(_lifetime, issuerId) { Batch = Batcher is { } batcher ? new BatchMembership(batcher) : null });
        _outbox.Begin();
        if (_lifetime.IsEnding)
        {
            EndUnasked(lookup);
            return default;
        }

        return _runner.Journal is { } journal ? RecallAsync(lookup, journal) : new ValueTask<IssuerLookup?>(lookup);
    }

    // What an earlier run was told completes here as well.
    private async ValueTask<IssuerLookup?> RecallAsync(IssuerLookup lookup, RunJournal journal)
    {
        JournalRecord? record;
        try
        {
            record = await journal.FindAsync(lookup.IssuerId).ConfigureAwait(false);
        }
        catch
        {
            EndUnasked(lookup);
            throw;
        }

        if (record is null)
            return lookup;
        _outbox.Complete(lookup, Recall(lookup, record));
        return null;
    }

    private EnrichmentOutcome Recall(IssuerLookup lookup, JournalRecord record)
    {
        try
        {
            return _plan.Outcomes.Recall(lookup, record);
        }
        catch (Exception e)
        {
            return OutcomeFactory.Fault(lookup, e);
        }
    }

    private void EndUnasked(IssuerLookup lookup) =>
        _outbox.Complete(lookup, OutcomeFactory.End(lookup, EnrichmentStatus.NotAttempted, _lifetime.Describe(attempts: 0)));

    private EnrichmentOutcome? RefusalOf(long position, string? issuerId)
    {
        try
        {
            return _plan.Source.Refuse(issuerId) is { } reason
                ? new EnrichmentOutcome(position, issuerId, EnrichmentStatus.Invalid) { Error = new EnrichmentError(EnrichmentErrorKind.InvalidId, reason) }
                : null;
        }
        catch (Exception e)
        {
            return new EnrichmentOutcome(position, issuerId, EnrichmentStatus.Failed) { Error = AnswerJudge.Judge(e).Error };
        }
    }
}
