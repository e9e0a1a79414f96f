namespace IssuerEnrichment;

/// <summary>The time of one lookup, or of all lookups of a run, by activity.</summary>
public readonly record struct LookupTime
{
    /// <summary>Time spent waiting for a free slot, for a batch to fill, for another lookup of the same id, or for the cache.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>Time spent waiting because the service throttled requests or was down.</summary>
    public TimeSpan Gate { get; init; }

    /// <summary>Time spent waiting for the client-side rate limit.</summary>
    public TimeSpan Paced { get; init; }

    /// <summary>Time spent waiting between attempts.</summary>
    public TimeSpan Backoff { get; init; }

    /// <summary>Time spent sending requests and reading responses.</summary>
    public TimeSpan OnTheWire { get; init; }

    /// <summary>The sum of all parts.</summary>
    public TimeSpan Total => Queued + Gate + Paced + Backoff + OnTheWire;

    /// <summary>Adds two values, activity by activity.</summary>
    public static LookupTime operator +(LookupTime left, LookupTime right) => new()
    {
        Queued = left.Queued + right.Queued,
        Gate = left.Gate + right.Gate,
        Paced = left.Paced + right.Paced,
        Backoff = left.Backoff + right.Backoff,
        OnTheWire = left.OnTheWire + right.OnTheWire,
    };

    /// <summary>Adds two values, activity by activity.</summary>
    public static LookupTime Add(LookupTime left, LookupTime right) => left + right;
}
