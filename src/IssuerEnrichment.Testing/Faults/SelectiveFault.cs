namespace IssuerEnrichment.Testing.Faults;

/// <summary>Puts another fault on chosen issuers only, such as ten by name, where a <see cref="RandomFault"/> strikes a share of them. Immutable.</summary>
public sealed class SelectiveFault : Fault
{
    private readonly Func<string, bool> _isStruck;
    private readonly Fault _fault;

    /// <summary>Creates the fault.</summary>
    /// <param name="isStruck">Whether an issuer meets the fault, by its id; called for many requests at once.</param>
    /// <param name="fault">The fault that they meet.</param>
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
