using System.Globalization;

namespace IssuerEnrichment.Gauntlet;

/// <summary>What a run has to reach.</summary>
internal sealed record Target(string Text, Func<Measurement, bool> IsMet)
{
    public static Target AllEnriched { get; } = new("all enriched", run => run.Enriched == run.Scenario.Plan.Ids);

    public static Target NoOutage { get; } = new("never declared down", run => run.Outages == 0);

    public static Target Share(double least) => new(Invariant($"share ≥ {least:0.00}"), run => run.Share >= least);

    public static Target Throttled(int most) => new(Invariant($"throttled ≤ {most}"), run => run.Throttled <= most);

    /// <summary>Without those that were in flight when the first throttled answer came.</summary>
    public static Target ThrottledLater(int most) => new(Invariant($"throttled later ≤ {most}"), run => run.ThrottledAfterGrace <= most);

    public static Target Seconds(double most) => new(Invariant($"≤ {most:0.#} s"), run => run.Seconds <= most);

    public static Target TailSeconds(double most) => new(Invariant($"tail ≤ {most:0.#} s"), run => run.TailSeconds <= most);

    public static Target RequestsPerId(double most) => new(Invariant($"requests an id ≤ {most:0.00}"), run => run.RequestsPerId <= most);

    /// <summary>Exactly so many ids fail, and all others are enriched.</summary>
    public static Target ExactlyFailed(int count) => new(
        Invariant($"exactly {count} failed"), run => run.Failed == count && run.Enriched == run.Scenario.Plan.Ids - count);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
