using System.Globalization;

namespace IssuerEnrichment.Tests;

/// <summary>The length of randomized tests. By default, they are short and deterministic.</summary>
/// <remarks>
/// Set <c>ISSUER_ENRICHMENT_SOAK</c> to a number of issuers, such as 100000, for longer tests. A failed assertion names its seed: set
/// <c>ISSUER_ENRICHMENT_SEED</c> to it, and <c>ISSUER_ENRICHMENT_SOAK</c> to 1, to reproduce the failure. Any other seed starts from there.
/// </remarks>
internal static class Soak
{
    public static int FirstSeed => Read("SEED") ?? 1;

    public static int Issuers(int ordinarily) => Read("SOAK") ?? ordinarily;

    public static string Replay(int seed) => $"to reproduce it, set ISSUER_ENRICHMENT_SEED={seed} and ISSUER_ENRICHMENT_SOAK=1";

    /// <summary>Creates a timeout for a run, so that a test fails instead of hanging.</summary>
    public static CancellationTokenSource Timeout(int issuers)
    {
        CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60) + (issuers * TimeSpan.FromMilliseconds(10)));
        return timeout;
    }

    private static int? Read(string name) => Environment.GetEnvironmentVariable($"ISSUER_ENRICHMENT_{name}") is { Length: > 0 } value
        ? int.Parse(value, CultureInfo.InvariantCulture)
        : null;
}
