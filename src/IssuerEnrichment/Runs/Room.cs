using System.Runtime.InteropServices;

namespace IssuerEnrichment.Runs;

/// <summary>Holds the source of a run back: no more inputs are in the run than there are places. One thread enters at a time, and one leaves.</summary>
/// <remarks>
/// Neither takes a lock while there is room. Once full it opens again only when half of what the lookups in flight leave is free: the consumer would
/// otherwise wake the source for every outcome it takes, which costs more than the lookup does.
/// </remarks>
/// <param name="places">How many inputs can be in the run.</param>
/// <param name="inFlight">How many of them the strategy needs to be busy.</param>
internal sealed class Room(int places, int inFlight)
{
    private readonly int _places = PlacesFor(places, inFlight);
    private readonly int _free = (PlacesFor(places, inFlight) - inFlight + 1) / 2;
    private long _entered;
    private long _leftSeen;
    private TaskCompletionSource? _opening;

    // The consumer's own: beside what the source writes, each of the two would slow the other down for every input.
    private Apart _left;

    /// <summary>Inputs that have entered so far.</summary>
    public long Entered => Volatile.Read(ref _entered);

    // The consumer's turn comes when each lookup in flight has had its own, in which it ends and another begins.
    private static int PlacesFor(int places, int inFlight) => Math.Max(places, inFlight > 1 ? 2 * inFlight : 1);

    private long Free => _places - _entered + Interlocked.Read(ref _left.Value);

    /// <summary>Waits until there is a place.</summary>
    /// <returns>True.</returns>
    public ValueTask<bool> AwaitPlaceAsync(CancellationToken cancellationToken)
    {
        if (_entered - _leftSeen < _places)
            return new(true);
        _leftSeen = Interlocked.Read(ref _left.Value);
        return _entered - _leftSeen < _places ? new(true) : new(AwaitOpeningAsync(cancellationToken));
    }

    /// <summary>Takes the place.</summary>
    public void Enter() => Volatile.Write(ref _entered, _entered + 1);

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        Interlocked.Increment(ref _left.Value);
        if (Volatile.Read(ref _opening) is not null)
            OpenIfFree();
    }

    private async Task<bool> AwaitOpeningAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _opening, opening);

        // Whoever left before this was to be seen did not look.
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
    private struct Apart
    {
        [FieldOffset(64)]
        public long Value;
    }
}
