using System.Text.Json.Serialization.Metadata;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Planning;
using IssuerEnrichment.Registration;
using IssuerEnrichment.Runs;
using IssuerEnrichment.Strategies;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IssuerEnrichment;

/// <summary>The enricher of one source. Resolve it from a container as <see cref="IIssuerEnricher"/>, or create one with <c>Create</c>.</summary>
/// <remarks>Thread-safe. All runs share the limits of the service.</remarks>
public sealed class IssuerEnricher : IIssuerEnricher, IDisposable
{
    private readonly IssuerEnrichmentOptions _options;
    private readonly StrategySet _strategies;
    private readonly IssuerSource _source;
    private readonly SourceEnvironment _environment;
    private readonly string? _ownStrategy;

    internal IssuerEnricher(
        IssuerEnrichmentOptions options, StrategySet strategies, IssuerSource source, SourceEnvironment environment, string? ownStrategy = null)
    {
        OptionsRules.ThrowIfInvalid(options);
        _options = options;
        _strategies = strategies;
        _source = source;
        _environment = environment;
        _ownStrategy = ownStrategy;
    }

    /// <summary>Creates an enricher without a container.</summary>
    /// <param name="client">The client. Each of its calls counts as one request.</param>
    /// <param name="options">The options; null means the defaults. Do not modify them afterwards.</param>
    /// <param name="timeProvider">The clock; null means the system clock.</param>
    /// <param name="loggers">The logger factory; null disables logging.</param>
    /// <param name="journal">
    /// The journal that records outcomes across runs; null means none. The caller remains responsible for disposing of it.
    /// </param>
    /// <param name="strategy">A custom strategy, used unless the options or a run name another one; null means only the built-in ones.</param>
    /// <param name="classifier">Determines the type of an issuer; null means by market sector.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range; the message names it.</exception>
    public static IssuerEnricher Create(
        IIssuerClient client,
        IssuerEnrichmentOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggers = null,
        IEnrichmentJournal? journal = null,
        IEnrichmentStrategy? strategy = null,
        IIssuerTypeClassifier? classifier = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Create(new IssuerClientAdapter(client, sendsRequests: false), options, timeProvider, loggers, journal, strategy, classifier);
    }

    /// <summary>Creates an enricher without a container for a blocking client, which it calls on dedicated threads.</summary>
    /// <inheritdoc cref="Create(IIssuerClient, IssuerEnrichmentOptions?, TimeProvider?, ILoggerFactory?, IEnrichmentJournal?, IEnrichmentStrategy?, IIssuerTypeClassifier?)"/>
    public static IssuerEnricher Create(
        IBlockingIssuerClient client,
        IssuerEnrichmentOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggers = null,
        IEnrichmentJournal? journal = null,
        IEnrichmentStrategy? strategy = null,
        IIssuerTypeClassifier? classifier = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Create(new IssuerClientAdapter(client), options, timeProvider, loggers, journal, strategy, classifier);
    }

    /// <summary>Creates an enricher without a container for a client that looks up many issuers in one request.</summary>
    /// <inheritdoc cref="Create(IIssuerClient, IssuerEnrichmentOptions?, TimeProvider?, ILoggerFactory?, IEnrichmentJournal?, IEnrichmentStrategy?, IIssuerTypeClassifier?)"/>
    public static IssuerEnricher Create(
        IIssuerBatchClient client,
        IssuerEnrichmentOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggers = null,
        IEnrichmentJournal? journal = null,
        IEnrichmentStrategy? strategy = null,
        IIssuerTypeClassifier? classifier = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Create(new IssuerClientAdapter(client), options, timeProvider, loggers, journal, strategy, classifier);
    }

    /// <summary>Creates an enricher for an attribute without a container.</summary>
    /// <typeparam name="T">The attribute.</typeparam>
    /// <param name="client">The client. Each of its attempts counts as one request.</param>
    /// <param name="options">The options; null means the defaults. Do not modify them afterwards.</param>
    /// <param name="timeProvider">The clock; null means the system clock.</param>
    /// <param name="loggers">The logger factory; null disables logging.</param>
    /// <param name="journal">
    /// The journal that records outcomes across runs; null means none. It requires <paramref name="json"/>. The caller disposes of it.
    /// </param>
    /// <param name="strategy">A custom strategy, used unless the options or a run name another one; null means only the built-in ones.</param>
    /// <param name="json">Describes how the journal stores the attribute; null if there is no journal.</param>
    /// <exception cref="ArgumentException">There is a journal, but <paramref name="json"/> is null.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range; the message names it.</exception>
    public static IssuerEnricher<T> Create<T>(
        IIssuerClient<T> client,
        IssuerEnrichmentOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggers = null,
        IEnrichmentJournal? journal = null,
        IEnrichmentStrategy? strategy = null,
        JsonTypeInfo<T>? json = null)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(client);
        IssuerClientAdapter adapter = new(client, ClientCalls.Of(client), AnswerFormat.Of(json), sendsRequests: false);
        return CreateTyped<T>(adapter, options, timeProvider, loggers, journal, strategy);
    }

    /// <summary>Creates an enricher for an attribute without a container, for a blocking client, which it calls on dedicated threads.</summary>
    /// <inheritdoc cref="Create{T}(IIssuerClient{T}, IssuerEnrichmentOptions?, TimeProvider?, ILoggerFactory?, IEnrichmentJournal?, IEnrichmentStrategy?, JsonTypeInfo{T}?)" />
    public static IssuerEnricher<T> Create<T>(
        IBlockingIssuerClient<T> client,
        IssuerEnrichmentOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggers = null,
        IEnrichmentJournal? journal = null,
        IEnrichmentStrategy? strategy = null,
        JsonTypeInfo<T>? json = null)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(client);
        IssuerClientAdapter adapter = new(client, ClientCalls.Of(client), AnswerFormat.Of(json));
        return CreateTyped<T>(adapter, options, timeProvider, loggers, journal, strategy);
    }

    /// <summary>Creates an enricher for an attribute without a container, for a client that looks up many issuers in one request.</summary>
    /// <inheritdoc cref="Create{T}(IIssuerClient{T}, IssuerEnrichmentOptions?, TimeProvider?, ILoggerFactory?, IEnrichmentJournal?, IEnrichmentStrategy?, JsonTypeInfo{T}?)" />
    public static IssuerEnricher<T> Create<T>(
        IIssuerBatchClient<T> client,
        IssuerEnrichmentOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggers = null,
        IEnrichmentJournal? journal = null,
        IEnrichmentStrategy? strategy = null,
        JsonTypeInfo<T>? json = null)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(client);
        IssuerClientAdapter adapter = new(client, ClientCalls.Of(client), AnswerFormat.Of(json));
        return CreateTyped<T>(adapter, options, timeProvider, loggers, journal, strategy);
    }

    /// <inheritdoc />
    public IEnrichmentRun Stream(IAsyncEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(issuerIds);
        return new EnrichmentRun(issuerIds, Prepare(options));
    }

    /// <inheritdoc />
    public Task<EnrichmentPlan> PlanAsync(
        IAsyncEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(issuerIds);
        if (typicalLatency < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(typicalLatency), typicalLatency, "The latency must not be negative.");
        PlanMaker maker = new(Prepare(options), typicalLatency);

        // On the thread pool, like a run, because the caller may be a UI thread.
        return Task.Run(() => maker.MakeAsync(issuerIds, cancellationToken), cancellationToken);
    }

    /// <summary>Releases the resources that all runs share. All runs must have ended.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _environment.Dispose();
    }

    /// <summary>Creates an enricher without a container for a client of any kind.</summary>
    internal static IssuerEnricher Create(
        IssuerClientAdapter client,
        IssuerEnrichmentOptions? options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggers,
        IEnrichmentJournal? journal,
        IEnrichmentStrategy? strategy,
        IIssuerTypeClassifier? classifier)
    {
        options ??= new IssuerEnrichmentOptions();
        OptionsRules.ThrowIfInvalid(options);
        loggers ??= NullLoggerFactory.Instance;

        StrategySet strategies = new(
        [
            new SequentialStrategy(),
            new ThreadPoolStrategy(loggers.CreateLogger<ThreadPoolStrategy>()),
            new AsyncStrategy(),
            .. strategy is null ? Array.Empty<IEnrichmentStrategy>() : [strategy],
        ]);
        if (options.Strategy is { } name && strategies.Validate(name) is { } problem)
            throw new ArgumentException(problem, nameof(options));
        EnrichmentTelemetry telemetry = new(meters: null, loggers.CreateLogger<IssuerEnricher>(), source: "");
        SourceEnvironment environment = new(timeProvider ?? TimeProvider.System, Random.Shared.NextDouble, telemetry) { Journal = journal };
        IssuerSource source = new(
            client,
            new ServicePolicies(options, new PolicyExtensions(), environment),
            client.Format.HasIssuerType ? classifier ?? new MarketSectorIssuerTypeClassifier() : null,
            environment,
            options.Bounds.MaxIssuerIdLength);
        return new IssuerEnricher(options, strategies, source, environment, strategy?.Name);
    }

    private static IssuerEnricher<T> CreateTyped<T>(
        IssuerClientAdapter client,
        IssuerEnrichmentOptions? options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggers,
        IEnrichmentJournal? journal,
        IEnrichmentStrategy? strategy)
        where T : notnull
    {
        if (journal is not null && !client.Format.IsSerializable)
            throw new ArgumentException($"A journal stores {client.Format.Name} as JSON; pass its JsonTypeInfo as json.", nameof(journal));
        return new IssuerEnricher<T>(Create(client, options, timeProvider, loggers, journal, strategy, classifier: null));
    }

    private RunPlan Prepare(EnrichmentRunOptions? options)
    {
        options ??= new EnrichmentRunOptions();
        if (OptionsRules.Check(options, _options).FirstOrDefault() is { } problem)
            throw new ArgumentException(problem, nameof(options));

        string suitable = _source.IsBlocking ? EnrichmentStrategyName.ThreadPool : EnrichmentStrategyName.Async;
        IEnrichmentStrategy strategy = _strategies.Get(options.Strategy ?? _options.Strategy ?? _ownStrategy ?? suitable);
        ConcurrencyLimit limit = strategy is SequentialStrategy ? 1 : options.MaxConcurrency ?? _options.MaxConcurrency;
        return new RunPlan(options, _options.Bounds, strategy, limit.Most, limit.IsAuto, MaxLookups(strategy, limit.Most), _source, _environment);
    }

    // Filling a batch takes as many lookups in flight as it has issuers. With one thread per lookup, a batch is whatever is in flight.
    private int MaxLookups(IEnrichmentStrategy strategy, int maxConcurrency) => !_source.IsBatching || strategy is SequentialStrategy or ThreadPoolStrategy
        ? maxConcurrency
        : (int)Math.Min((long)maxConcurrency * _options.Batch.MaxSize, Math.Max(_options.Bounds.ReadAhead, maxConcurrency));
}
