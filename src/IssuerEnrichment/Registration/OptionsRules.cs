using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Registration;

/// <summary>The rules for valid options. They apply when a host starts, and when an enricher is created without a container.</summary>
internal static class OptionsRules
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>Returns one sentence for each option that is out of range: its name, its value and the valid range.</summary>
    public static IEnumerable<string> Check(IssuerEnrichmentOptions options) => new[]
    {
        Within("MaxConcurrency", options.MaxConcurrency.Most, 1, 10_000),
        Within("Retry.MaxAttempts", options.Retry.MaxAttempts, 1, 100),
        Within("Retry.BaseDelay", options.Retry.BaseDelay, TimeSpan.Zero, OneDay),
        Within("Retry.MaxDelay", options.Retry.MaxDelay, options.Retry.BaseDelay, OneDay, "Retry.BaseDelay"),
        options.Retry.Budget is >= 0 and <= 10 ? null : $"Retry.Budget is {options.Retry.Budget}; it must be between 0 and 10.",
        Within("Timeout.Attempt", options.Timeout.Attempt, TimeSpan.FromMilliseconds(10), OneDay),
        Within("Timeout.Lookup", options.Timeout.Lookup, options.Timeout.Attempt, OneDay, "Timeout.Attempt"),
        Within("Gate.RefusalDelay", options.Gate.RefusalDelay, TimeSpan.FromMilliseconds(1), OneDay),
        Within("Gate.MaxRetryAfter", options.Gate.MaxRetryAfter, TimeSpan.Zero, OneDay),
        Within("Gate.FailuresInARow", options.Gate.FailuresInARow, 2, 1_000),
        Within("Gate.ProbeDelay", options.Gate.ProbeDelay, TimeSpan.FromMilliseconds(1), OneDay),
        Within("Gate.MaxProbeDelay", options.Gate.MaxProbeDelay, options.Gate.ProbeDelay, OneDay, "Gate.ProbeDelay"),
        Within("Gate.Patience", options.Gate.Patience, TimeSpan.Zero, TimeSpan.FromDays(30)),
        options.Hedging.Budget is >= 0 and <= 1 ? null : $"Hedging.Budget is {options.Hedging.Budget}; it must be between 0 and 1.",
        Within("Batch.MaxSize", options.Batch.MaxSize, 1, 10_000),
        Within("Batch.MaxWait", options.Batch.MaxWait, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        options.Batch.BisectionBudget is >= 0 and <= 2 ? null : $"Batch.BisectionBudget is {options.Batch.BisectionBudget}; it must be between 0 and 2.",
        Within("Bounds.ReadAhead", options.Bounds.ReadAhead, 1, 1_000_000),
        Within("Bounds.HeldVerdicts", options.Bounds.HeldVerdicts, 0, 10_000_000),
        Within("Bounds.MaxIssuerIdLength", options.Bounds.MaxIssuerIdLength, 1, 8_192),
    }.OfType<string>();

    /// <summary>Checks the options of a run.</summary>
    public static IEnumerable<string> Check(EnrichmentRunOptions run, IssuerEnrichmentOptions options) => new[]
    {
        Within("MaxConcurrency", (run.MaxConcurrency ?? options.MaxConcurrency).Most, 1, 10_000),
        Within("Deadline", run.Deadline ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(30)),
        run.Journal?.Run is null ? "Journal.Run is null; an empty name is allowed." : null,
        run.MarketSectors is null ? "MarketSectors is null; an empty list means none." : null,
    }.OfType<string>();

    /// <summary>Checks the options of the cache.</summary>
    public static IEnumerable<string> Check(CacheOptions options) => new[]
    {
        Within("Lifetime", options.Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
        Within("NegativeLifetime", options.NegativeLifetime, TimeSpan.Zero, options.Lifetime, mostOption: "Lifetime"),
    }.OfType<string>();

    public static void ThrowIfInvalid(IssuerEnrichmentOptions options)
    {
        string[] problems = [.. Check(options)];
        if (problems.Length > 0)
            throw new OptionsValidationException("", typeof(IssuerEnrichmentOptions), problems);
    }

    private static string? Within<T>(string option, T value, T least, T most, string? leastOption = null, string? mostOption = null)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)
            return null;
        string lower = leastOption is null ? $"{least}" : $"{least} ({leastOption})";
        string upper = mostOption is null ? $"{most}" : $"{most} ({mostOption})";
        return $"{option} is {value}; it must be between {lower} and {upper}.";
    }
}
