namespace IssuerEnrichment.Testing.Faults;

/// <summary>Delays every request, by a fixed time or, with <see cref="Spread"/>, by a log-normally distributed one, with a long tail.</summary>
/// <remarks>The precision is that of the runtime's timers, which use the kernel's tick: often 4 ms on Linux, so 50 ms are 48 to 52.</remarks>
public sealed class LatencyFault : Fault
{
    /// <summary>Creates the fault.</summary>
    /// <param name="median">The median of the delay.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="median"/> is negative.</exception>
    public LatencyFault(TimeSpan median)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(median, TimeSpan.Zero);
        Median = median;
    }

    /// <summary>The median of the delay.</summary>
    public TimeSpan Median { get; }

    /// <summary>The standard deviation of the delay's logarithm: two in three delays are within a factor of e^spread of the median.</summary>
    /// <value>Default: 0; every delay is the median. At 0.5, one in a hundred is 3.2 times the median or longer.</value>
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

        // Box-Muller: two uniformly distributed numbers give a normally distributed one. 1 - x avoids the logarithm of zero.
        double radius = Math.Sqrt(-2 * Math.Log(1 - request.Draw("latency radius")));
        return Math.Exp(Spread * radius * Math.Cos(2 * Math.PI * request.Draw("latency angle")));
    }
}
