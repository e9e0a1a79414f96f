namespace IssuerEnrichment.Clients;

/// <summary>What code of the user's gets once it is cancelled: a second to end. Then it is left to itself, so that no one can hold a run up.</summary>
internal static class Grace
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>Gives the result of a task, unless it is still not there a second, or several, after the cancellation.</summary>
    /// <exception cref="OperationCanceledException">It is left to itself.</exception>
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

    /// <summary>Gives the result of a task that has ended or is cancelled.</summary>
    /// <param name="task">The task.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">The token that cancelled it.</param>
    /// <param name="times">How many seconds it gets.</param>
    /// <exception cref="OperationCanceledException">It is left to itself.</exception>
    public static async Task<T> AwaitAsync<T>(Task<T> task, TimeProvider timeProvider, CancellationToken cancellationToken, int times = 1)
    {
        await ((Task)task).WaitAsync(times * Length, timeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.IsCompleted)
            return await task.ConfigureAwait(false);

        // Nobody will look at what becomes of it.
        _ = task.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        throw new OperationCanceledException(cancellationToken);
    }
}
