using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Strategies;

/// <summary>
/// Starts up to N dedicated worker threads, each of which runs one lookup after another and blocks on it. Intended for blocking clients and for code
/// bases that do not use async.
/// </summary>
/// <remarks>
/// The threads do not belong to <see cref="ThreadPool"/>: it adds threads slowly, and blocking its threads would starve other code in the process.
/// They start as fast as there are lookups, and end with the run. A worker that is stuck in a blocking client that ignores cancellation is abandoned
/// and replaced.
/// </remarks>
/// <param name="logger">The logger. A scope has each worker's thread id.</param>
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
            await StartWorker(queue, maxConcurrency - 1).ConfigureAwait(false);
    }

    // Each worker that gets a lookup starts the next worker, so that there are never more workers than lookups.
    private Task StartWorker(LookupQueue queue, int others)
    {
        TaskCompletionSource<Task> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Work(queue, others, ended)) { IsBackground = true, Name = "IssuerEnrichment worker" };
        thread.Start();
        return ended.Task.Unwrap();
    }

    // If the system cannot create another thread (ulimit -u), the existing workers continue.
    private Task TryStartWorker(LookupQueue queue, int others)
    {
        try
        {
            return StartWorker(queue, others);
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            logger.OutOfThreads(others + 1);
            return Task.CompletedTask;
        }
    }

    // Completes with the task of the workers that remain.
    private void Work(LookupQueue queue, int others, TaskCompletionSource<Task> ended)
    {
        using IDisposable? scope = logger.BeginWorkerScope(Environment.CurrentManagedThreadId);
        Task next = Task.CompletedTask;
        bool isLeftBehind = false;
        Action leaveBehind = () =>
        {
            isLeftBehind = true;
            ended.SetResult(Task.WhenAll(next, TryStartWorker(queue, others: 0)));
        };
        try
        {
            while (!isLeftBehind && queue.Take() is { } lookup)
            {
                if (others > 0)
                    next = TryStartWorker(queue, others - 1);
                others = 0;
                lookup.Run(leaveBehind);
            }

            ended.TrySetResult(next);
        }
        catch (Exception e)
        {
            ended.TrySetResult(Task.WhenAll(Task.FromException(e), next));
        }
    }
}
