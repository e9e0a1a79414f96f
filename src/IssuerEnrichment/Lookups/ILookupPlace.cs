namespace IssuerEnrichment.Lookups;

/// <summary>The place in a strategy of a lookup that goes on apart from it: given up while the lookup waits, and given back later.</summary>
internal interface ILookupPlace
{
    /// <summary>Gives the place up, waits, and gets a place again.</summary>
    /// <param name="wait">The wait; null to wait until the service answers again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where the run hands out no more places, so that the lookup keeps the one it has; then nothing was waited for.</returns>
    ValueTask<bool> TryParkAsync(Func<CancellationToken, ValueTask>? wait, CancellationToken cancellationToken);

    /// <summary>A strategy gives it a place; ends when the lookup has completed or has given the place up.</summary>
    Task ReturnAsync();
}
