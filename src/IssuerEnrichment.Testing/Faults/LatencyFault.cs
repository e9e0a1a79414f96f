namespace IssuerEnrichment.Testing.Faults;

/// <summary>Makes every request wait: a fixed time, or with <see cref="Spread"/> a log-normal one, with a long tail.</summary>
/// <remarks>As precise as the runtime's timers, which follow the kernel's tick: on Linux often 4 ms, so 50 ms are 48 to 52.</remarks>
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

    /// <summary>The wait that half of the requests stay below.</summary>
    public TimeSpan Median { get; }

    /// <summary>The standard deviation of the wait's logarithm: two in three waits are within a factor e^spread of the median.</summary>
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
