using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Testing.Strategies;

/// <summary>Runs a strategy, observed, with a client that holds requests.</summary>
internal sealed class StrategyTrial : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private readonly ServiceProvider _provider;
    private readonly CancellationTokenSource _end;
    private readonly TimeSpan _patience;

    public StrategyTrial(TrialPlan plan)
    {
        _patience = plan.Options.Patience;
        _end = CancellationTokenSource.CreateLinkedTokenSource(plan.CancellationToken);
        Client = new GatedIssuerClient(new ScriptedIssuerClient(async (id, _, _) =>
        {
            IssuerAnswer answer = await plan.Answer(id).ConfigureAwait(false);
            Watch!.NoteEnd(id);
            return answer;
        }))
        {
            Lingers = plan.Lingers,
            Patience = plan.Options.Patience,
        };
        Watch = new WatchedStrategy(plan.Strategy, Client);

        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(new StoppedClock());
        services.AddIssuerEnrichment(options =>
        {
            options.MaxConcurrency = plan.Limit;
            options.Bounds.ReadAhead = plan.ReadAhead;
            options.Strategy = Watch.Name;
        }).AddIssuerClient(Client);
        services.AddSingleton<IEnrichmentStrategy>(Watch);
        _provider = services.BuildServiceProvider();
    }

    public GatedIssuerClient Client { get; }

    public WatchedStrategy Watch { get; }

    /// <summary>Starts a run over the ids 1, 2, 3, ...</summary>
    public Task<List<EnrichmentOutcome>> RunAsync(int count, EnrichmentRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(Ids.UpTo(count), options, cancellationToken);

    /// <summary>Starts a run, and waits for its end.</summary>
    /// <exception cref="TimeoutException">The run does not end.</exception>
    public Task<List<EnrichmentOutcome>> RunAsync(
        IAsyncEnumerable<string?> ids, EnrichmentRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(async end =>
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(end, cancellationToken);
            return await Stream(ids, options).ToListAsync(either.Token).ConfigureAwait(false);
        });

    /// <summary>Starts a run with the rule's own consumer, and waits for its end.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> consume)
    {
        Task<T> run = Task.Run(() => consume(_end.Token), CancellationToken.None);
        try
        {
            return await run.WaitAsync(_patience, _end.Token).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            throw new TimeoutException($"It had not ended after {_patience.TotalSeconds:0.###} s, with {Client.InFlight} lookups running.");
        }
    }

    public IEnrichmentRun Stream(IAsyncEnumerable<string?> ids, EnrichmentRunOptions? options = null) =>
        _provider.GetRequiredService<IIssuerEnricher>().Stream(ids, options);

    /// <summary>Ends runs that may still be in progress, for example because they hang.</summary>
    public void Dispose()
    {
        _end.Cancel();
        Client.Open();
        _provider.Dispose();
        _end.Dispose();
    }
}
