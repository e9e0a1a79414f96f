using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Runs;

/// <summary>
/// Provides the lookups for the strategy: those of new inputs, read while there is space, and parked ones that are ready. While the service may be
/// down, new inputs come first, because only another issuer shows whether the service or the issuer is at fault.
/// </summary>
/// <remarks>
/// This is the only place that applies backpressure: an input is admitted only while fewer than <see cref="BoundsOptions.ReadAhead"/> inputs are
/// admitted and not yet taken by the consumer. This also bounds the outbox, the duplicates that wait for another lookup, and the reordering buffer.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "ReadAsync disposes of the reader when its enumeration ends.")]
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
    private readonly ReadAheadLimiter _limiter;

    // New lookups that were passed over while the service was down.
    private readonly LinkedList<IssuerLookup> _skipped = new();
    private bool _isNewNext;
    private int _stride;
    private int _left;

    // The last lookup that was handed out as a probe.
    private IssuerLookup? _prober;

    // Completes when the parked lookups change.
    private Task? _change;
    private InputReader? _inputs;

    private int _isRead;
    private long _handedOut;

    /// <param name="issuerIds">The inputs.</param>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="lifetime">Ends the run.</param>
    /// <param name="outbox">Takes the outcomes of inputs that need no lookup.</param>
    /// <param name="runner">Runs the lookups.</param>
    /// <param name="parked">The lookups that wait without a slot.</param>
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
        _limiter = new ReadAheadLimiter(plan.Bounds.ReadAhead, plan.MaxLookups);
    }

    /// <summary>Collects the run's lookups into batches; null if the client does not take batches.</summary>
    public LookupBatcher? Batcher { get; set; }

    /// <summary>The number of inputs read so far.</summary>
    public long Admitted => _limiter.Entered;

    /// <summary>The lookups that have not completed.</summary>
    public IEnumerable<IssuerLookup> Open => _ledger.Open;

    /// <summary>Whether the sequence has told the strategy that no more lookups follow.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>
    /// The maximum number of lookups that can be in flight soon. After the last input: those in flight, and the parked ones that become ready.
    /// </summary>
    public long MostInFlight => IsExhausted ? Math.Min(_plan.MaxLookups, InFlight + _parked.Count - _parked.ForService) : _plan.MaxLookups;

    private long InFlight => _outbox.Open - _parked.Count - _skipped.Count;

    // Whether no lookup is running. The strategy may hold lookups that it has not started.
    private bool IsIdle => InFlight <= Volatile.Read(ref _handedOut) - _runner.Begun;

    private bool IsExhausted => _inputs is { IsExhausted: true };

    private bool IsDown => _plan.Source.IsDown;

    private bool IsProbing => IsDown && _prober is { HasNoPlace: false };

    private bool IsNewAtHand => _inputs!.IsAtHand;

    /// <summary>Makes space for another input, because an outcome goes to the consumer.</summary>
    public void ReleaseInput() => _limiter.Leave();

    /// <summary>Notes that a lookup has completed, which the sequence may be waiting for.</summary>
    public void OnCompleted()
    {
        Batcher?.Reconsider();
        if (IsExhausted || _parked.Count > 0)
            _parked.Notify();
    }

    /// <summary>Releases all lookups.</summary>
    public void Clear() => _ledger.Clear();

    /// <summary>The lookups, in the order in which they are to run. Can be enumerated once.</summary>
    public async IAsyncEnumerable<IssuerLookup> ReadAsync()
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException($"The strategy '{_plan.Strategy.Name}' read the sequence of lookups twice.");

        _onReading();
        InputReader inputs = _inputs = new(_issuerIds, _limiter, _lifetime, _plan.TimeProvider);
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
                    // Check everything again before waiting: earlier changes did not complete this task.
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

    // Takes a lookup that was read before and can run now. While the service is down, only one runs at a time, and new inputs come first: only
    // another issuer shows whether the service is up.
    private IssuerLookup? TakeWaiting()
    {
        if (IsDown)
        {
            if (IsProbing || IsNewAtHand)
                return null;

            // A parked lookup probes with the canary if there is one, which is the most reliable probe.
            return Probe(
                (_plan.Source.HasCanary ? null : TakeSkipped(_skipped.Last))
                ?? _parked.TryTakeForService()
                ?? _parked.TryTake()
                ?? TakeSkipped(_skipped.Last));
        }

        // The lookups that come back may all belong to bad issuers, so alternate with new ones.
        _stride = 0;
        if (_parked.Count + _skipped.Count > 0 && (_isNewNext = !_isNewNext && IsNewAtHand) is false)
        {
            if ((_parked.TryTake() ?? TakeSkipped(_skipped.First)) is { } waiting)
                return waiting;
        }

        // No other lookup is left to probe the service.
        return _parked.Count > 0 && !IsNewAtHand && IsIdle ? Probe(_parked.TryTakeForService()) : null;
    }

    // Bad issuers may be adjacent. While the service is down, each new probe is therefore about four times as far from the previous one.
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

    // Returns null if the step gave no lookup.
    private async ValueTask<IssuerLookup?> ReadNewAsync(InputReader inputs)
    {
        if (await inputs.ReadAsync().ConfigureAwait(false))
            return await AdmitAsync(inputs.Current).ConfigureAwait(false);
        if (IsExhausted)
            Batcher?.Reconsider();
        return null;
    }

    // Returns the lookup of an input; null if the input already has an outcome, or shares that of another lookup.
    private ValueTask<IssuerLookup?> AdmitAsync(string? issuerId)
    {
        long position = _limiter.Entered;
        _limiter.Enter();
        if (InvalidOutcomeOf(position, issuerId) is { } invalid)
        {
            _outbox.Deliver(invalid);
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
            EndNotAttempted(lookup);
            return default;
        }

        return _runner.Journal is { } journal ? RecallAsync(lookup, journal) : new ValueTask<IssuerLookup?>(lookup);
    }

    // Completes the lookup if an earlier run recorded its outcome.
    private async ValueTask<IssuerLookup?> RecallAsync(IssuerLookup lookup, RunJournal journal)
    {
        (JournalRecord Record, object? Answer)? recorded;
        try
        {
            recorded = await journal.FindAsync(lookup.IssuerId).ConfigureAwait(false);
        }
        catch
        {
            EndNotAttempted(lookup);
            throw;
        }

        if (recorded is not var (record, answer))
            return lookup;
        _outbox.Complete(lookup, Recall(lookup, record, answer));
        return null;
    }

    private EnrichmentOutcome Recall(IssuerLookup lookup, JournalRecord record, object? answer)
    {
        try
        {
            return _plan.Outcomes.Recall(lookup, record, answer);
        }
        catch (Exception e)
        {
            return OutcomeFactory.Fault(lookup, e);
        }
    }

    private void EndNotAttempted(IssuerLookup lookup) =>
        _outbox.Complete(lookup, OutcomeFactory.End(lookup, EnrichmentStatus.NotAttempted, _lifetime.Describe(attempts: 0)));

    private EnrichmentOutcome? InvalidOutcomeOf(long position, string? issuerId)
    {
        try
        {
            return _plan.Source.Validate(issuerId) is { } reason
                ? new EnrichmentOutcome(position, issuerId, EnrichmentStatus.Invalid) { Error = new EnrichmentError(EnrichmentErrorKind.InvalidId, reason) }
                : null;
        }
        catch (Exception e)
        {
            return new EnrichmentOutcome(position, issuerId, EnrichmentStatus.Failed) { Error = AnswerJudge.Judge(e).Error };
        }
    }
}
