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

/// <summary>The enricher of one source. A container gives it as <see cref="IIssuerEnricher"/>; without a container, <c>Create</c> makes one.</summary>
/// <remarks>Thread-safe. Its runs share the limits of the service.</remarks>
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

    /// <summary>Makes an enricher without a container.</summary>
    /// <param name="client">The client to ask. Each of its attempts is taken for one request.</param>
    /// <param name="options">The options; null means the defaults. Leave them unchanged from now on.</param>
    /// <param name="timeProvider">The clock; null means the system's.</param>
    /// <param name="loggers">Where to log; null means nowhere.</param>
    /// <param name="journal">Keeps verdicts from run to run; null means that nothing does. It stays yours to dispose of.</param>
    /// <param name="strategy">A strategy of your own, which runs unless the options or a run name another one; null means those of the library only.</param>
    /// <param name="classifier">Tells the type of an issuer; null means by market sectors.</param>
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

    /// <summary>Makes an enricher that asks a blocking client, on threads of its own; otherwise the same.</summary>
    /// <param name="client">The client to ask. Each of its attempts is taken for one request.</param>
    /// <param name="options">The options; null means the defaults. Leave them unchanged from now on.</param>
    /// <param name="timeProvider">The clock; null means the system's.</param>
    /// <param name="loggers">Where to log; null means nowhere.</param>
    /// <param name="journal">Keeps verdicts from run to run; null means that nothing does. It stays yours to dispose of.</param>
    /// <param name="strategy">A strategy of your own, which runs unless the options or a run name another one; null means those of the library only.</param>
    /// <param name="classifier">Tells the type of an issuer; null means by market sectors.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range; the message names it.</exception>
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

    /// <summary>Makes an enricher that asks for many issuers in one request; otherwise the same.</summary>
    /// <param name="client">The client to ask. Each of its calls is taken for one request.</param>
    /// <param name="options">The options; null means the defaults. Leave them unchanged from now on.</param>
    /// <param name="timeProvider">The clock; null means the system's.</param>
    /// <param name="loggers">Where to log; null means nowhere.</param>
    /// <param name="journal">Keeps verdicts from run to run; null means that nothing does. It stays yours to dispose of.</param>
    /// <param name="strategy">A strategy of your own, which runs unless the options or a run name another one; null means those of the library only.</param>
    /// <param name="classifier">Tells the type of an issuer; null means by market sectors.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range; the message names it.</exception>
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
            throw new ArgumentOutOfRangeException(nameof(typicalLatency), typicalLatency, "A latency is no negative time.");
        PlanMaker maker = new(Prepare(options), typicalLatency);

        // Apart from the caller, who may be a user interface, as a run is.
        return Task.Run(() => maker.MakeAsync(issuerIds, cancellationToken), cancellationToken);
    }

    /// <summary>Gives back what the limits of the service hold. Runs must have ended.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _environment.Dispose();
    }

    private static IssuerEnricher Create(
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
        if (options.Strategy is { } name && strategies.Refuse(name) is { } problem)
            throw new ArgumentException(problem, nameof(options));
        EnrichmentTelemetry telemetry = new(meters: null, loggers.CreateLogger<IssuerEnricher>(), source: "");
        SourceEnvironment environment = new(timeProvider ?? TimeProvider.System, Random.Shared.NextDouble, telemetry) { Journal = journal };
        IssuerSource source = new(
            client,
            new ServicePolicies(options, new PolicyExtensions(), environment),
            classifier ?? new MarketSectorIssuerTypeClassifier(),
            environment,
            options.Bounds.MaxIssuerIdLength);
        return new IssuerEnricher(options, strategies, source, environment, strategy?.Name);
    }

    private RunPlan Prepare(EnrichmentRunOptions? options)
    {
        options ??= new EnrichmentRunOptions();
        if (OptionsRules.Check(options, _options).FirstOrDefault() is { } problem)
            throw new ArgumentException(problem, nameof(options));

        IEnrichmentStrategy strategy = _strategies.Get(options.Strategy ?? _options.Strategy ?? _ownStrategy ?? _source.SuitableStrategy);
        ConcurrencyLimit limit = strategy is SequentialStrategy ? 1 : options.MaxConcurrency ?? _options.MaxConcurrency;
        return new RunPlan(options, _options.Bounds, strategy, limit.Most, limit.IsAuto, MaxLookups(strategy, limit.Most), _source, _environment);
    }

    // A request for many takes as many lookups in flight. Not with a thread for each: there those that are in flight make the batch.
    private int MaxLookups(IEnrichmentStrategy strategy, int maxConcurrency) => !_source.IsBatching || strategy is SequentialStrategy or ThreadPoolStrategy
        ? maxConcurrency
        : (int)Math.Min((long)maxConcurrency * _options.Batch.MaxSize, Math.Max(_options.Bounds.ReadAhead, maxConcurrency));
}
