namespace IssuerEnrichment.Testing.Strategies;

/// <summary>Everything that runs beside a trial.</summary>
internal static class Others
{
    /// <summary>Enough for a strategy to do whatever it can do.</summary>
    private const int Plenty = 200;

    /// <summary>Goes to the end of the line for a thread of the shared pool, several times over.</summary>
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
