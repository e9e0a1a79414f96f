namespace IssuerEnrichment.Testing.Faults;

/// <summary>Slows every request down once more than so many are in flight: the knee that adaptive concurrency looks for.</summary>
public sealed class KneeFault : Fault
{
    private readonly int _knee;
    private readonly TimeSpan _step;

    /// <summary>Creates the fault.</summary>
    /// <param name="knee">How many requests the service works on at full speed.</param>
    /// <param name="step">
    /// The extra wait for each request in flight above <paramref name="knee"/>. At latency / knee, more concurrency gains nothing; above
    /// that it loses throughput.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="knee"/> or <paramref name="step"/> is not positive.</exception>
    public KneeFault(int knee, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(knee);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        _knee = knee;
        _step = step;
    }

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) => async request =>
    {
        if (request.InFlight > _knee)
            await request.DelayAsync(_step * (request.InFlight - _knee)).ConfigureAwait(false);

        await inner(request).ConfigureAwait(false);
    };
}
