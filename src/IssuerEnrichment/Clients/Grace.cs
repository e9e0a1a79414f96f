namespace IssuerEnrichment.Clients;

/// <summary>
/// The time that user code gets to end after its cancellation: one second. After that it is abandoned, so that it cannot delay the run.
/// </summary>
internal static class Grace
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>Awaits a task, for at most one or several seconds after the cancellation.</summary>
    /// <exception cref="OperationCanceledException">The task was abandoned.</exception>
    public static async ValueTask<T> AwaitAsync<T>(ValueTask<T> task, TimeProvider timeProvider, CancellationToken cancellationToken, int times = 1)
    {
        if (task.IsCompleted)
            return await task.ConfigureAwait(false);
        Task<T> running = task.AsTask();
        await ((Task)running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await AwaitAsync(running, timeProvider, cancellationToken, times).ConfigureAwait(false);
    }

    /// <inheritdoc cref="AwaitAsync{T}(ValueTask{T}, TimeProvider, CancellationToken, int)"/>
    public static async ValueTask AwaitAsync(ValueTask task, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
            await task.ConfigureAwait(false);
        else
            await AwaitAsync(WrapAsync(task), timeProvider, cancellationToken).ConfigureAwait(false);

        static async ValueTask<bool> WrapAsync(ValueTask task)
        {
            await task.ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Awaits a task that has completed or is cancelled.</summary>
    /// <param name="task">The task.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">The token that cancelled it.</param>
    /// <param name="times">The time it gets, in seconds.</param>
    /// <exception cref="OperationCanceledException">The task was abandoned.</exception>
    public static async Task<T> AwaitAsync<T>(Task<T> task, TimeProvider timeProvider, CancellationToken cancellationToken, int times = 1)
    {
        await ((Task)task).WaitAsync(times * Length, timeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.IsCompleted)
            return await task.ConfigureAwait(false);

        // Observe the exception, because nobody awaits the task any more.
        _ = task.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        throw new OperationCanceledException(cancellationToken);
    }
}
