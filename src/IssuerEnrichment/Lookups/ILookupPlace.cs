namespace IssuerEnrichment.Lookups;

/// <summary>
/// The slot of a lookup in its strategy, once the lookup runs in the background. The lookup gives it up while it waits, and gets one later.
/// </summary>
internal interface ILookupPlace
{
    /// <summary>Gives up the slot, waits, and gets a slot again.</summary>
    /// <param name="wait">The wait; null to wait until the service recovers.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>False if the run gives no more slots. Then the lookup keeps its slot and has not waited.</returns>
    ValueTask<bool> TryParkAsync(Func<CancellationToken, ValueTask>? wait, CancellationToken cancellationToken);

    /// <summary>Gives the lookup a slot. The task completes when the lookup has completed or has given up the slot.</summary>
    Task ReturnAsync();
}
