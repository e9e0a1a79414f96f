using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>Reads the inputs of a run step by step: it alternately waits for space in the run and for the next input.</summary>
/// <remarks>
/// The input sequence is user code, which may be slow and may ignore cancellation. Once the run ends, a sequence that yields nothing for a second is
/// abandoned.
/// </remarks>
internal sealed class InputReader : IAsyncDisposable
{
    private readonly ReadAheadLimiter _limiter;
    private readonly RunLifetime _lifetime;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenRegistration _abandon;
    private readonly IAsyncEnumerator<string?> _source;
    private Task<bool>? _step;
    private Task? _grace;
    private bool _hasSpace;

    public InputReader(IAsyncEnumerable<string?> inputs, ReadAheadLimiter limiter, RunLifetime lifetime, TimeProvider timeProvider)
    {
        _limiter = limiter;
        _lifetime = lifetime;
        _timeProvider = timeProvider;
        _abandon = lifetime.Abandoned.UnsafeRegister(static reader => ((InputReader)reader!).Cancel(), this);
        _source = inputs.GetAsyncEnumerator(_leaving.Token);
    }

    /// <summary>Whether no more inputs will be read.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Whether the next step can be taken without waiting for the previous one.</summary>
    public bool IsAtHand => !IsExhausted && !IsMoving;

    /// <summary>The last input that was read.</summary>
    public string? Current => _source.Current;

    private bool IsMoving => _step is { IsCompleted: false };

    /// <summary>Takes a step. Returns true if it read an input; false if it found space for one, is still pending, or reached the end.</summary>
    public async ValueTask<bool> ReadAsync()
    {
        ValueTask<bool> step = _step is not null ? new(_step) : _hasSpace ? _source.MoveNextAsync() : _limiter.WaitAsync(_lifetime.Abandoned);
        _step = step.IsCompleted ? null : step.AsTask();
        if (_step is not null)
            return false;
        _grace = null;
        bool isSuccess = await step.ConfigureAwait(false);
        _hasSpace = !_hasSpace;
        IsExhausted = !_hasSpace && !isSuccess;
        return !_hasSpace && isSuccess;
    }

    /// <summary>Waits until the pending step or another task completes.</summary>
    public async Task WaitAsync(Task other)
    {
        if (_step is not { } step || IsExhausted)
        {
            await other.ConfigureAwait(false);
            return;
        }

        if (!_hasSpace || !_lifetime.IsEnding)
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

    /// <summary>Disposes of the input sequence, after its pending step has completed.</summary>
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

    // Cancels in the background, because the sequence's cancellation callbacks may block or throw.
    private void Cancel() => _ = _leaving.CancelAsync().ContinueWith(static cancelled => cancelled.Exception, TaskScheduler.Default);
}
