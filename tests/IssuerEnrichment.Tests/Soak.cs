using System.Globalization;

namespace IssuerEnrichment.Tests;

/// <summary>How long the tests run that live on chance. An ordinary run is short, and the same every time.</summary>
/// <remarks>
/// Set <c>ISSUER_ENRICHMENT_SOAK</c> to a number of issuers, such as 100000, to run them for longer. A failed assertion names the seed that it
/// failed with: set <c>ISSUER_ENRICHMENT_SEED</c> to that seed, and <c>ISSUER_ENRICHMENT_SOAK</c> to 1, to see it again; or set it to any other
/// number, to begin there.
/// </remarks>
internal static class Soak
{
    public static int FirstSeed => Read("SEED") ?? 1;

    public static int Issuers(int ordinarily) => Read("SOAK") ?? ordinarily;

    public static string Replay(int seed) => $"to see it again, set ISSUER_ENRICHMENT_SEED={seed} and ISSUER_ENRICHMENT_SOAK=1";

    /// <summary>Ends a run that would hang, cancelled as the test is.</summary>
    public static CancellationTokenSource Fuse(int issuers)
    {
        CancellationTokenSource fuse = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        fuse.CancelAfter(TimeSpan.FromSeconds(60) + (issuers * TimeSpan.FromMilliseconds(10)));
        return fuse;
    }

    private static int? Read(string name) => Environment.GetEnvironmentVariable($"ISSUER_ENRICHMENT_{name}") is { Length: > 0 } value
        ? int.Parse(value, CultureInfo.InvariantCulture)
        : null;
}
