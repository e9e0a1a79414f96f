namespace IssuerEnrichment;

/// <summary>The names of the built-in strategies.</summary>
public static class EnrichmentStrategyName
{
    /// <summary>One lookup at a time, in input order; see <see cref="Strategies.SequentialStrategy"/>.</summary>
    public const string Sequential = "sequential";

    /// <summary>Dedicated worker threads, each of which blocks on its lookup; see <see cref="Strategies.ThreadPoolStrategy"/>.</summary>
    public const string ThreadPool = "thread-pool";

    /// <summary>Many lookups in flight without blocking threads; see <see cref="Strategies.AsyncStrategy"/>. The default.</summary>
    public const string Async = "async";
}
