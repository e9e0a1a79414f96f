namespace IssuerEnrichment;

/// <summary>A client's estimate of the number of requests, without retries.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record RequestEstimate
{
    /// <summary>Creates an estimate.</summary>
    /// <param name="way">How the issuers are looked up; see <see cref="Way"/>.</param>
    /// <param name="least">The minimum number of requests.</param>
    /// <param name="expected">The expected number of requests; at least <paramref name="least"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="way"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="least"/> is negative, or greater than <paramref name="expected"/>.
    /// </exception>
    public RequestEstimate(string way, long least, long expected)
    {
        ArgumentNullException.ThrowIfNull(way);
        ArgumentOutOfRangeException.ThrowIfNegative(least);
        ArgumentOutOfRangeException.ThrowIfLessThan(expected, least);
        Way = way;
        Least = least;
        Expected = expected;
    }

    /// <summary>A phrase that says how the issuers are looked up and what is assumed, such as <c>page by page, at least one for each</c>.</summary>
    public string Way { get; }

    /// <summary>The minimum number of requests.</summary>
    public long Least { get; }

    /// <summary>The expected number of requests, if the assumptions in <see cref="Way"/> hold.</summary>
    public long Expected { get; }

    /// <summary>Estimates for other options.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<RequestEstimate> Alternatives { get; init; } = [];
}
