namespace IssuerEnrichment.Gauntlet;

/// <summary>What one process does with the library, sent to it as JSON.</summary>
internal sealed record RunPlan
{
    /// <summary>The prefix of the ids that the service treats differently.</summary>
    public const string ChosenPrefix = "chosen-";

    public required int Ids { get; init; }

    /// <summary>How many ids have that prefix: the first of every <see cref="ChosenEvery"/> ids, until there are so many.</summary>
    public int Chosen { get; init; }

    public int ChosenEvery { get; init; } = 1;

    public string MaxConcurrency { get; init; } = "64";

    public string? RateLimit { get; init; }

    public TimeSpan? AttemptTimeout { get; init; }

    public int? MaxAttempts { get; init; }

    public TimeSpan? Deadline { get; init; }

    /// <summary>How many runs go on at the same time, each over the next <see cref="IdsPerRun"/> ids.</summary>
    public int Workers { get; init; } = 1;

    public int IdsPerRun { get; init; } = int.MaxValue;

    /// <summary>When the measurement ends, whether or not the library has finished.</summary>
    public required TimeSpan StopAfter { get; init; }

    public Uri? Service { get; init; }

    /// <summary>Whether the library's log goes to standard error.</summary>
    public bool Logs { get; init; }

    public IEnumerable<string> IssuerIds() => Enumerable.Range(0, Ids).Select(
        i => i % ChosenEvery == 0 && i / ChosenEvery < Chosen ? $"{ChosenPrefix}{i}" : $"issuer-{i}");
}
