namespace IssuerEnrichment.Testing.Strategies;

/// <summary>Lets other tasks run during a trial.</summary>
internal static class Others
{
    /// <summary>Enough turns for a strategy to do everything that it can do.</summary>
    private const int Plenty = 200;

    /// <summary>Yields to the thread pool several times.</summary>
    public static async Task GoOnAsync(int turns = Plenty)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            await Task.Factory
                .StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }
}
