using System.Runtime.InteropServices;

namespace IssuerEnrichment.Runs;

/// <summary>Limits how many inputs are in the run. One thread enters inputs, and one other removes them.</summary>
/// <remarks>
/// Neither thread takes a lock while there is space. A full limiter opens again only when half of the places beyond those in flight are free.
/// Otherwise the consumer would wake the reader for every outcome it takes, which costs more than the lookup.
/// </remarks>
/// <param name="places">The maximum number of inputs in the run.</param>
/// <param name="inFlight">The maximum number of lookups in flight.</param>
internal sealed class ReadAheadLimiter(int places, int inFlight)
{
    private readonly int _places = PlacesFor(places, inFlight);
    private readonly int _free = (PlacesFor(places, inFlight) - inFlight + 1) / 2;
    private long _entered;
    private long _leftSeen;
    private TaskCompletionSource? _opening;

    // Written by the consumer only. On a cache line of its own, to prevent false sharing with the fields that the reader writes.
    private PaddedInt64 _left;

    /// <summary>The number of inputs entered so far.</summary>
    public long Entered => Volatile.Read(ref _entered);

    // Twice the number in flight, because each lookup in flight completes and is replaced before the consumer gets to run.
    private static int PlacesFor(int places, int inFlight) => Math.Max(places, inFlight > 1 ? 2 * inFlight : 1);

    private long Free => _places - _entered + Interlocked.Read(ref _left.Value);

    /// <summary>Waits until there is space for another input.</summary>
    /// <returns>True.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_entered - _leftSeen < _places)
            return new(true);
        _leftSeen = Interlocked.Read(ref _left.Value);
        return _entered - _leftSeen < _places ? new(true) : new(WaitUntilOpenAsync(cancellationToken));
    }

    /// <summary>Enters an input.</summary>
    public void Enter() => Volatile.Write(ref _entered, _entered + 1);

    /// <summary>Removes an input.</summary>
    public void Leave()
    {
        Interlocked.Increment(ref _left.Value);
        if (Volatile.Read(ref _opening) is not null)
            OpenIfFree();
    }

    private async Task<bool> WaitUntilOpenAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _opening, opening);

        // An input that was removed before the exchange above did not see the waiter, so check again.
        OpenIfFree();
        await opening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private void OpenIfFree()
    {
        if (Free >= _free)
            Interlocked.Exchange(ref _opening, null)?.SetResult();
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedInt64
    {
        [FieldOffset(64)]
        public long Value;
    }
}
