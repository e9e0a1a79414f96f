namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>What a service does with the connection once it has sent its answer.</summary>
internal enum WireEnding
{
    /// <summary>Waits for the next request.</summary>
    KeepsOpen,

    /// <summary>Sends nothing more, and says so.</summary>
    Closes,

    /// <summary>Breaks off (RST).</summary>
    Resets,

    /// <summary>Sends nothing more, and does not say so.</summary>
    Hangs,

    /// <summary>Sends more and more for as long as somebody takes it.</summary>
    NeverEnds,
}
