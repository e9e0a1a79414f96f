namespace IssuerEnrichment;

/// <summary>The names of the strategies that come with the library.</summary>
public static class EnrichmentStrategyName
{
    /// <summary>One lookup at a time, in input order: <see cref="Strategies.SequentialStrategy"/>.</summary>
    public const string Sequential = "sequential";

    /// <summary>Worker threads of the run's own, each blocking on its lookup: <see cref="Strategies.ThreadPoolStrategy"/>.</summary>
    public const string ThreadPool = "thread-pool";

    /// <summary>Many lookups in flight and no thread waiting: <see cref="Strategies.AsyncStrategy"/>. The default.</summary>
    public const string Async = "async";
}
