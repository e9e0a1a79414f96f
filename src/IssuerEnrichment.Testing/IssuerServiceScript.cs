using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Testing;

/// <summary>What an <see cref="IssuerTestService"/> does to its callers. Immutable: several services can run the same script.</summary>
public sealed class IssuerServiceScript
{
    /// <summary>The seed of everything the service leaves to chance.</summary>
    /// <value>The default is 0. The same seed does the same to the n-th request for an issuer, in whatever order requests arrive.</value>
    public int Seed { get; init; }

    /// <summary>The faults a request goes through, the first one outermost; the first that answers ends the request.</summary>
    /// <value>
    /// The default is none: every request is answered correctly and at once. Put what refuses without doing work
    /// (<see cref="RateLimitFault"/>, <see cref="OutageFault"/>) before <see cref="LatencyFault"/>, and what fails while working after it.
    /// </value>
    public IReadOnlyList<Fault> Faults { get; init => field = [.. value]; } = [];

    /// <summary>Whether a <see cref="RandomFault"/> that is not permanent strikes only the first request for an issuer.</summary>
    /// <value>The default is <see langword="false"/>. If <see langword="true"/>, one retry mends everything that can be mended.</value>
    public bool FaultsOnlyOnFirstAttempt { get; init; }

    /// <summary>The clock of latencies, limits and outages.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
