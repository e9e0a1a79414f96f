namespace IssuerEnrichment.Testing.Faults;

/// <summary>One way in which a service differs from a perfect one.</summary>
/// <remarks>Immutable: what a fault has to remember lives in the handler it makes, so that services share nothing.</remarks>
public abstract class Fault
{
    /// <summary>Makes the handler of one run of the service: it answers in the fault's way, or calls <paramref name="inner"/>.</summary>
    /// <param name="inner">The faults after this one, and at last the correct answer.</param>
    /// <returns>A handler that many requests call at once.</returns>
    public abstract IssuerRequestHandler Wrap(IssuerRequestHandler inner);
}
