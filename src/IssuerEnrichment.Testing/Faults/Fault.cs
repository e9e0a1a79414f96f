namespace IssuerEnrichment.Testing.Faults;

/// <summary>A way in which a service deviates from a perfect one.</summary>
/// <remarks>Immutable. State belongs to the handler that a fault creates, so that services share nothing.</remarks>
public abstract class Fault
{
    /// <summary>Creates the handler for one run of the service. It responds with the fault, or calls <paramref name="inner"/>.</summary>
    /// <param name="inner">The faults after this one, and finally the correct response.</param>
    /// <returns>A handler that is called concurrently.</returns>
    public abstract IssuerRequestHandler Wrap(IssuerRequestHandler inner);
}
