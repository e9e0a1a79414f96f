using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Strategies;

/// <summary>
/// Starts up to N worker threads of the run's own, each of which takes a lookup, blocks until it has ended and takes the next: for blocking clients
/// and for code bases that are not async.
/// </summary>
/// <remarks>
/// The threads are not those of <see cref="ThreadPool"/>, which would let each of them wait for a while and starve everybody else. They start as fast as
/// there are lookups for them, and end with the run. A worker stuck in a blocking client that heeds no cancellation is left behind and replaced.
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
            await StartWorker(queue, maxConcurrency - 1).ConfigureAwait(false);
    }

    // A worker that has got a lookup starts the next worker, so that there are never more of them than lookups.
    private Task StartWorker(LookupQueue queue, int others)
    {
        TaskCompletionSource<Task> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Work(queue, others, ended)) { IsBackground = true, Name = "IssuerEnrichment worker" };
        thread.Start();
        return ended.Task.Unwrap();
    }

    // If the system refuses another thread (ulimit -u), the existing workers carry on.
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

    // It ends with what is left to wait for.
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
