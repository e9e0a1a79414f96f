using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Hedging;

/// <summary>A quick service with ids of which the first few requests never end unless they are cancelled.</summary>
internal sealed class LatecomerClient : IIssuerClient
{
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly TaskCompletionSource _mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cancelled;

    /// <summary>How many requests of an id that begins with "late" never end.</summary>
    public int Hanging { get; init; } = 1;

    /// <summary>Whether those that are cancelled linger until <see cref="LetGo"/>.</summary>
    public bool Lingers { get; init; }

    public int Cancelled => Volatile.Read(ref _cancelled);

    public int Asked(string issuerId) => _asked.GetValueOrDefault(issuerId);

    public Task ReachAllCancelledAsync() => _allCancelled.Task.WithTimeout();

    public void LetGo() => _mayEnd.SetResult();

    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        int asked = _asked.AddOrUpdate(issuerId, 1, (_, before) => before + 1);
        if (!issuerId.StartsWith("late", StringComparison.Ordinal))
            await Task.Yield();
        else if (asked <= Hanging)
            await HangAsync(cancellationToken);
        return IssuerAnswer.Found([$"{issuerId}, request {asked}"]);
    }

    private async Task HangAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
        if (Interlocked.Increment(ref _cancelled) == Hanging)
            _allCancelled.TrySetResult();
        if (Lingers)
            await _mayEnd.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }
}
