namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>One answer as it goes over the wire, and what a client may make of it.</summary>
/// <param name="Recipe">What was done to it, for people.</param>
/// <param name="Wire">Every byte, from the status line on.</param>
/// <param name="Pieces">In how many pieces it is sent.</param>
/// <param name="Ending">What follows it.</param>
internal sealed record HostileAnswer(string Recipe, byte[] Wire, int Pieces, WireEnding Ending)
{
    /// <summary>Where it never ends, what comes again and again.</summary>
    public byte[] Filler { get; init; } = [];

    /// <summary>The ISINs that a client may find in it, by a reader of our own; empty where it must find none.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Readings { get; init; } = [];

    /// <summary>Whether it may be taken to say that the service knows no such issuer.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>Whether it is a whole and valid answer, if an odd one, so that a client has to understand it.</summary>
    public bool IsIntact { get; init; }
}
