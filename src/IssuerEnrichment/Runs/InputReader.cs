using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>Reads the inputs of a run, one step at a time: it waits for room, then for the next input.</summary>
/// <remarks>
/// The source is the user's: it may take its time, and heed no cancellation. Once the run ends, one that gives nothing for a second is left to itself.
/// </remarks>
internal sealed class InputReader : IAsyncDisposable
{
    private readonly Room _room;
    private readonly RunLifetime _lifetime;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenRegistration _abandon;
    private readonly IAsyncEnumerator<string?> _source;
    private Task<bool>? _step;
    private Task? _grace;
    private bool _hasRoom;

    public InputReader(IAsyncEnumerable<string?> inputs, Room room, RunLifetime lifetime, TimeProvider timeProvider)
    {
        _room = room;
        _lifetime = lifetime;
        _timeProvider = timeProvider;
        _abandon = lifetime.Abandoned.UnsafeRegister(static reader => ((InputReader)reader!).Cancel(), this);
        _source = inputs.GetAsyncEnumerator(_leaving.Token);
    }

    /// <summary>Whether all inputs have been read that will be.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Whether a step can be taken without a wait for the one before.</summary>
    public bool IsAtHand => !IsExhausted && !IsMoving;

    /// <summary>The input that was read last.</summary>
    public string? Current => _source.Current;

    private bool IsMoving => _step is { IsCompleted: false };

    /// <summary>Takes a step. True where that gave an input; false where it made room for one, has not ended, or met the end.</summary>
    public async ValueTask<bool> ReadAsync()
    {
        ValueTask<bool> step = _step is not null ? new(_step) : _hasRoom ? _source.MoveNextAsync() : _room.AwaitPlaceAsync(_lifetime.Abandoned);
        _step = step.IsCompleted ? null : step.AsTask();
        if (_step is not null)
            return false;
        _grace = null;
        bool isSuccess = await step.ConfigureAwait(false);
        _hasRoom = !_hasRoom;
        IsExhausted = !_hasRoom && !isSuccess;
        return !_hasRoom && isSuccess;
    }

    /// <summary>Waits until the step under way has ended, or something else has.</summary>
    public async Task WaitAsync(Task other)
    {
        if (_step is not { } step || IsExhausted)
        {
            await other.ConfigureAwait(false);
            return;
        }

        if (!_hasRoom || !_lifetime.IsEnding)
        {
            await Task.WhenAny(other, step).ConfigureAwait(false);
            return;
        }

        _grace ??= Task.Delay(Grace.Length, _timeProvider);
        await Task.WhenAny(other, step, _grace).ConfigureAwait(false);
        if (_grace.IsCompleted && IsMoving)
        {
            IsExhausted = true;
            Cancel();
        }
    }

    /// <summary>Disposes of the source, which must not happen while it moves.</summary>
    public async ValueTask DisposeAsync()
    {
        _abandon.Unregister();
        if (IsMoving)
        {
            Cancel();
            await Task.WhenAny(_step!, _grace ?? Task.Delay(Grace.Length, _timeProvider)).ConfigureAwait(false);
        }

        Task disposed = DisposeSourceAsync();
        if (IsMoving)
            _ = disposed.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        else
            await Grace.AwaitAsync(new ValueTask(disposed), _timeProvider, _lifetime.Abandoned).ConfigureAwait(false);
    }

    private async Task DisposeSourceAsync()
    {
        if (_step is not null)
            await ((Task)_step).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    // What of the source's listens to its token runs apart: it may block, or throw.
    private void Cancel() => _ = _leaving.CancelAsync().ContinueWith(static cancelled => cancelled.Exception, TaskScheduler.Default);
}
