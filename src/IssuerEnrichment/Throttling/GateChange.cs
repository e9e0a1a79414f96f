using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>What the gate changed its mind about.</summary>
internal enum GateChangeKind
{
    /// <summary>Closed: the service throttles, or is down.</summary>
    Closed,

    /// <summary>Found a rate, or lowered it.</summary>
    RateFound,

    /// <summary>Keeps farther below the rate that the user told.</summary>
    MarginGrown,

    /// <summary>Found how many requests at once the service takes.</summary>
    CapFound,

    /// <summary>Found that what it took for such a number is none.</summary>
    CapRefuted,

    /// <summary>Nothing limits requests any more.</summary>
    LimitGone,

    /// <summary>Found that the service's own word on what remains is wrong.</summary>
    HintDisbelieved,
}

/// <summary>One change of the gate's mind: what it saw and what it now believes.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="Reason">What it saw.</param>
internal readonly record struct GateChange(GateChangeKind Kind, string Reason)
{
    /// <summary>The requests a second that it now sends; null where that is not limited.</summary>
    public double? PerSecond { get; init; }

    /// <summary>The requests in flight that it now allows; null where that is not limited.</summary>
    public int? MostInFlight { get; init; }

    /// <summary>How long it is closed; null where it is open.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>What it now believes, for a log line.</summary>
    public string Belief => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Wait is { } wait ? $"closed for {wait.TotalSeconds:0.###} s" : "open")}, {(PerSecond is { } rate ? $"{rate:0.##} requests/s" : "any rate")}, {(MostInFlight is { } most ? $"at most {most} in flight" : "any number in flight")}");
}
