using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Strategies;

/// <summary>
/// Starts N worker threads of the run's own, each of which takes a lookup, blocks until it has ended and takes the next: for blocking clients
/// and for code bases that are not async.
/// </summary>
/// <remarks>
/// The threads are not those of <see cref="ThreadPool"/>, which would start them one by one and starve everybody else. All N are there at once,
/// and end with the run. A worker stuck in a blocking client that heeds no cancellation is left behind and replaced.
/// </remarks>
/// <param name="logger">Gets a scope with each worker's thread id.</param>
public sealed class ThreadPoolStrategy(ILogger<ThreadPoolStrategy> logger) : IEnrichmentStrategy
{
    /// <inheritdoc />
    public string Name => EnrichmentStrategyName.ThreadPool;

    /// <inheritdoc />
    public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lookups);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrency, 1);

        LookupQueue queue = new(lookups, cancellationToken);
        await using (queue.ConfigureAwait(false))
        {
            Task[] workers = new Task[maxConcurrency];
            for (int i = 0; i < workers.Length; i++)
                workers[i] = StartWorker(queue);
            await Task.WhenAll(workers).ConfigureAwait(false);
        }
    }

    private Task StartWorker(LookupQueue queue)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Work(queue, ended)) { IsBackground = true, Name = "IssuerEnrichment worker" };
        thread.Start();
        return ended.Task;
    }

    private void Work(LookupQueue queue, TaskCompletionSource ended)
    {
        using IDisposable? scope = logger.BeginWorkerScope(Environment.CurrentManagedThreadId);
        Task? successor = null;
        Action leaveBehind = () =>
        {
            successor = StartWorker(queue);
            successor.ContinueWith(ended.SetFromTask, TaskScheduler.Default);
        };
        try
        {
            while (successor is null && queue.Take() is { } lookup)
                lookup.Run(leaveBehind);
            if (successor is null)
                ended.SetResult();
        }
        catch (Exception e)
        {
            ended.TrySetException(e);
        }
    }
}
