namespace IssuerEnrichment.Testing.Faults;

/// <summary>
/// Applies another fault to chosen issuers only, for example ten by name, whereas a <see cref="RandomFault"/> affects a proportion of them.
/// Immutable.
/// </summary>
public sealed class SelectiveFault : Fault
{
    private readonly Func<string, bool> _isStruck;
    private readonly Fault _fault;

    /// <summary>Creates the fault.</summary>
    /// <param name="isStruck">Returns whether the fault affects an issuer, by its id. Called concurrently.</param>
    /// <param name="fault">The fault to apply.</param>
    public SelectiveFault(Func<string, bool> isStruck, Fault fault)
    {
        ArgumentNullException.ThrowIfNull(isStruck);
        ArgumentNullException.ThrowIfNull(fault);
        _isStruck = isStruck;
        _fault = fault;
    }

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
    {
        IssuerRequestHandler faulty = _fault.Wrap(inner);
        return request => _isStruck(request.Id) ? faulty(request) : inner(request);
    }
}
