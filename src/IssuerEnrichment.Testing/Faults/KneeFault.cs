namespace IssuerEnrichment.Testing.Faults;

/// <summary>Slows down every request once more than a number are in flight: the knee that adaptive concurrency looks for.</summary>
public sealed class KneeFault : Fault
{
    private readonly int _knee;
    private readonly TimeSpan _step;
    private int _movedTo;
    private TimeSpan _movesAt = TimeSpan.MaxValue;

    /// <summary>Creates the fault.</summary>
    /// <param name="knee">The number of requests in flight that the service handles at full speed.</param>
    /// <param name="step">
    /// The extra delay for each request in flight above <paramref name="knee"/>. At latency / knee, more concurrency does not increase throughput;
    /// above that, it decreases throughput.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="knee"/> or <paramref name="step"/> is not positive.</exception>
    public KneeFault(int knee, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(knee);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        _knee = knee;
        _step = step;
    }

    /// <summary>Creates a fault whose knee changes some time after the first request.</summary>
    /// <param name="knee">The new number of requests in flight that the service handles at full speed.</param>
    /// <param name="after">When the knee changes, as the time since the first request.</param>
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
