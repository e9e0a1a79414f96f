namespace IssuerEnrichment.Testing.Faults;

/// <summary>Slows every request down once more than so many are in flight: the knee that adaptive concurrency looks for.</summary>
public sealed class KneeFault : Fault
{
    private readonly int _knee;
    private readonly TimeSpan _step;
    private int _movedTo;
    private TimeSpan _movesAt = TimeSpan.MaxValue;

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

    /// <summary>Moves the knee some time after the first request.</summary>
    /// <param name="knee">How many requests the service works on at full speed from then on.</param>
    /// <param name="after">When.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="knee"/> is not positive.</exception>
    public KneeFault MovingTo(int knee, TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(knee);
        return new KneeFault(_knee, _step) { _movedTo = knee, _movesAt = after };
    }

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) => async request =>
    {
        int above = request.InFlight - (request.ArrivedAt < _movesAt ? _knee : _movedTo);
        if (above > 0)
            await request.DelayAsync(_step * above).ConfigureAwait(false);

        await inner(request).ConfigureAwait(false);
    };
}
