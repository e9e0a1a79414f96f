using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Testing;

/// <summary>Defines how an <see cref="IssuerTestService"/> behaves. Immutable: several services can run the same script.</summary>
public sealed class IssuerServiceScript
{
    /// <summary>The seed for all random choices of the service.</summary>
    /// <value>Default: 0. With the same seed, the n-th request for an issuer is treated the same, in whatever order requests arrive.</value>
    public int Seed { get; init; }

    /// <summary>The faults that a request passes through. The first one is the outermost. The first fault that responds ends the request.</summary>
    /// <value>
    /// Default: empty; every request gets the correct response at once. Put faults that throttle or fail without doing work
    /// (<see cref="RateLimitFault"/>, <see cref="OutageFault"/>) before <see cref="LatencyFault"/>, and faults that fail while doing work after it.
    /// </value>
    public IReadOnlyList<Fault> Faults { get; init => field = [.. value]; } = [];

    /// <summary>Whether a <see cref="RandomFault"/> that is not permanent affects only the first request for an issuer.</summary>
    /// <value>Default: <see langword="false"/>. If <see langword="true"/>, one retry recovers from every transient fault.</value>
    public bool FaultsOnlyOnFirstAttempt { get; init; }

    /// <summary>The clock for latencies, limits and outages.</summary>
    /// <value>Default: <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
