using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Enrichment;

/// <summary>
/// Gives the strategy its lookups: those of new inputs, read as far as there is room, and parked ones whose wait is over. While the service is suspected
/// to be down, new ones come first, since only another issuer shows whether it is.
/// </summary>
/// <param name="issuerIds">The inputs.</param>
/// <param name="run">The run, which settles what need not run.</param>
/// <param name="plan">What was asked for.</param>
/// <param name="onReading">Called when the first input is about to be read.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "Whoever reads the sequence to its end disposes of the reader.")]
internal sealed class RunIntake(IAsyncEnumerable<string?> issuerIds, RunFlow run, RunPlan plan, Action onReading)
{
    private readonly Room _room = new(plan.Bounds.ReadAhead, plan.MaxLookups);

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

    /// <summary>Those that wait without a place.</summary>
    public ParkedLookups Parked { get; } = new();

    /// <summary>Inputs read so far.</summary>
    public long Admitted => _room.Entered;

    /// <summary>Lookups given to the strategy so far, one that comes back counted again.</summary>
    public long HandedOut => Volatile.Read(ref _handedOut);

    /// <summary>Whether all inputs have been read.</summary>
    public bool IsExhausted => _inputs is { IsExhausted: true };

    /// <summary>Whether the strategy has been told that no more lookups come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Lookups that have been read and are not handed out yet.</summary>
    public int Skipped => _skipped.Count;

    private bool IsDown => plan.Service.IsDown;

    private bool IsProbing => IsDown && _prober is { Outcome.HasNoPlace: false };

    private bool IsNewAtHand => _inputs!.IsAtHand;

    /// <summary>Makes room for another input, since an outcome goes to the consumer.</summary>
    public void MakeRoom() => _room.Leave();

    /// <summary>A lookup has settled, which may be what the sequence waits for.</summary>
    public void OnSettled()
    {
        if (IsExhausted || Parked.Count > 0)
            Parked.Notify();
    }

    /// <summary>The lookups, in the order in which they are to run. To be read once.</summary>
    public async IAsyncEnumerable<IssuerLookup> ReadAsync()
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException($"The strategy '{plan.Strategy.Name}' read the sequence of lookups twice.");

        onReading();
        InputReader inputs = _inputs = new(issuerIds, _room, run.Lifetime, plan.TimeProvider);
        using CancellationTokenRegistration ending = run.Lifetime.Ending.UnsafeRegister(static parked => ((ParkedLookups)parked!).Notify(), Parked);
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
                else if (IsExhausted && _skipped.Count == 0 && run.IsIdle && Parked.TryStop())
                {
                    break;
                }
                else if (_change is null)
                {
                    // Then look once more, for what changed before this was not told.
                    _change = Parked.ChangeAsync();
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

    /// <summary>Counts an input in. Gives its position.</summary>
    public long Enter()
    {
        long position = _room.Entered;
        _room.Enter();
        return position;
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
                (plan.Service.HasCanary ? null : TakeSkipped(_skipped.Last))
                ?? Parked.TryTakeForService()
                ?? Parked.TryTake()
                ?? TakeSkipped(_skipped.Last));
        }

        // Those that come back may all be bad, so new ones run between them.
        _stride = 0;
        if (Parked.Count + _skipped.Count > 0 && (_isNewNext = !_isNewNext && IsNewAtHand) is false)
        {
            if ((Parked.TryTake() ?? TakeSkipped(_skipped.First)) is { } waiting)
                return waiting;
        }

        // Nobody else is left who could show whether the service is up.
        return Parked.Count > 0 && !IsNewAtHand && run.IsIdle ? Probe(Parked.TryTakeForService()) : null;
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
        if (lookup is not null)
            lookup.IsProber = true;
        _prober = lookup ?? _prober;
        return lookup;
    }

    // Null where a step gave no lookup.
    private async ValueTask<IssuerLookup?> ReadNewAsync(InputReader inputs)
    {
        if (await inputs.ReadAsync().ConfigureAwait(false))
            return await run.AdmitAsync(inputs.Current).ConfigureAwait(false);
        if (IsExhausted)
            run.Batcher?.Reconsider();
        return null;
    }

    private IssuerLookup HandOut(IssuerLookup lookup)
    {
        Volatile.Write(ref _handedOut, _handedOut + 1);
        return lookup;
    }
}
