namespace IssuerEnrichment;

/// <summary>How many requests some issuers take, as their client foresees it: without retries, and without asking anybody.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record RequestEstimate
{
    /// <summary>Says how many requests it takes.</summary>
    /// <param name="way">How the issuers are asked for; see <see cref="Way"/>.</param>
    /// <param name="least">Requests that it takes in any case.</param>
    /// <param name="expected">Requests that it takes as the way says; no fewer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="way"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The least is negative, or more than is expected.</exception>
    public RequestEstimate(string way, long least, long expected)
    {
        ArgumentNullException.ThrowIfNull(way);
        ArgumentOutOfRangeException.ThrowIfNegative(least);
        ArgumentOutOfRangeException.ThrowIfLessThan(expected, least);
        Way = way;
        Least = least;
        Expected = expected;
    }

    /// <summary>One phrase: how the issuers are asked for, and what is assumed of them, such as <c>page by page, at least one for each</c>.</summary>
    public string Way { get; }

    /// <summary>Requests that it takes in any case.</summary>
    public long Least { get; }

    /// <summary>Requests that it takes where what <see cref="Way"/> assumes is true.</summary>
    public long Expected { get; }

    /// <summary>What other options would take.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<RequestEstimate> Alternatives { get; init; } = [];
}
