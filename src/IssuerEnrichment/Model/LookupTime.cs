namespace IssuerEnrichment;

/// <summary>Where the time of one lookup, or of all lookups of a run, went.</summary>
public readonly record struct LookupTime
{
    /// <summary>Waiting for a free place, for a batch to fill, for another lookup of the same id, or for the cache.</summary>
    public TimeSpan Queued { get; init; }

    /// <summary>Waiting while the service was not to be asked: it throttled, or was down.</summary>
    public TimeSpan Gate { get; init; }

    /// <summary>Waiting for the client-side rate limit.</summary>
    public TimeSpan Paced { get; init; }

    /// <summary>Waiting between attempts.</summary>
    public TimeSpan Backoff { get; init; }

    /// <summary>Asking, and reading answers.</summary>
    public TimeSpan OnTheWire { get; init; }

    /// <summary>The sum of all parts.</summary>
    public TimeSpan Total => Queued + Gate + Paced + Backoff + OnTheWire;

    /// <summary>Adds two accounts, part by part.</summary>
    public static LookupTime operator +(LookupTime left, LookupTime right) => new()
    {
        Queued = left.Queued + right.Queued,
        Gate = left.Gate + right.Gate,
        Paced = left.Paced + right.Paced,
        Backoff = left.Backoff + right.Backoff,
        OnTheWire = left.OnTheWire + right.OnTheWire,
    };

    /// <summary>Adds two accounts, part by part.</summary>
    public static LookupTime Add(LookupTime left, LookupTime right) => left + right;
}
