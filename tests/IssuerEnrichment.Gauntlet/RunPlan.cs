namespace IssuerEnrichment.Gauntlet;

/// <summary>What one process asks of the library. The process gets it as JSON.</summary>
internal sealed record RunPlan
{
    /// <summary>The prefix of the ids that the service treats in another way than the rest.</summary>
    public const string ChosenPrefix = "chosen-";

    public required int Ids { get; init; }

    /// <summary>How many ids are chosen; they come first, or where <see cref="ChosenEvery"/> puts them.</summary>
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

    /// <summary>When the measurement ends although the library has not finished.</summary>
    public required TimeSpan StopAfter { get; init; }

    public Uri? Service { get; init; }

    /// <summary>Whether the library's log goes to standard error.</summary>
    public bool Logs { get; init; }

    public IEnumerable<string> IssuerIds() => Enumerable.Range(0, Ids).Select(
        i => i % ChosenEvery == 0 && i / ChosenEvery < Chosen ? $"{ChosenPrefix}{i}" : $"issuer-{i}");
}
