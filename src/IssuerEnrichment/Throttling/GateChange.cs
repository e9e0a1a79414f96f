using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>The kinds of changes of the gate's state.</summary>
internal enum GateChangeKind
{
    /// <summary>The gate closed: the service throttles, or is down.</summary>
    Closed,

    /// <summary>The gate found a rate, or lowered it.</summary>
    RateFound,

    /// <summary>The gate increased its margin below the configured rate.</summary>
    MarginGrown,

    /// <summary>The gate found a limit on requests in flight.</summary>
    CapFound,

    /// <summary>The gate found that there is no such limit.</summary>
    CapRefuted,

    /// <summary>The gate no longer limits requests.</summary>
    LimitGone,

    /// <summary>The gate found that the remaining quota that the service states is wrong.</summary>
    HintDisbelieved,
}

/// <summary>A change of the gate's state, and its reason.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Reason">What the gate observed.</param>
internal readonly record struct GateChange(GateChangeKind Kind, string Reason)
{
    /// <summary>The new rate limit in requests a second; null if there is none.</summary>
    public double? PerSecond { get; init; }

    /// <summary>The new limit on requests in flight; null if there is none.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>How long the gate is closed; null if it is open.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>The new state, for a log message.</summary>
    public string Belief => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Wait is { } wait ? $"closed for {wait.TotalSeconds:0.###} s" : "open")}, {(PerSecond is { } rate ? $"{rate:0.##} requests/s" : "any rate")}, {(MaxInFlight is { } most ? $"at most {most} in flight" : "any number in flight")}");
}
