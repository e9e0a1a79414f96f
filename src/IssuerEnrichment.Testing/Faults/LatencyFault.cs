namespace IssuerEnrichment.Testing.Faults;

/// <summary>Makes every request wait: a fixed time, or with <see cref="Spread"/> a log-normal one, whose long tail real services have.</summary>
public sealed class LatencyFault : Fault
{
    /// <summary>Creates the fault.</summary>
    /// <param name="median">The wait that half of the requests stay below.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="median"/> is negative.</exception>
    public LatencyFault(TimeSpan median)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(median, TimeSpan.Zero);
        Median = median;
    }

    /// <summary>Gets the wait that half of the requests stay below.</summary>
    public TimeSpan Median { get; }

    /// <summary>Gets the standard deviation of the wait's logarithm: two thirds of the waits are within a factor of e^spread of the median.</summary>
    /// <value>The default is 0: every wait is the median. At 0.5, one in a hundred takes 3.2 times the median or longer.</value>
    public double Spread { get; init; }

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) => async request =>
    {
        await request.DelayAsync(Median * Factor(request)).ConfigureAwait(false);
        await inner(request).ConfigureAwait(false);
    };

    private double Factor(IssuerRequest request)
    {
        if (Spread == 0)
            return 1;

        // Box-Muller: two even numbers make a normal one. 1 - x keeps zero away from the logarithm.
        double radius = Math.Sqrt(-2 * Math.Log(1 - request.Draw("latency radius")));
        return Math.Exp(Spread * radius * Math.Cos(2 * Math.PI * request.Draw("latency angle")));
    }
}
