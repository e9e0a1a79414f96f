using Polly;

namespace IssuerEnrichment.Tests.Policies;

/// <summary>Counts the attempts that pass through it, as a strategy around each of them.</summary>
internal sealed class AttemptWatch : ResilienceStrategy<IssuerAnswer>
{
    private readonly Lock _lock = new();

    public int InFlight { get; private set; }

    public int MostInFlight { get; private set; }

    public void AddTo(ResiliencePipelineBuilder<IssuerAnswer> attempt) => attempt.AddStrategy(_ => this, new Options());

    protected override async ValueTask<Outcome<IssuerAnswer>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<IssuerAnswer>>> callback, ResilienceContext context, TState state)
    {
        Add(1);
        try
        {
            return await callback(context, state);
        }
        finally
        {
            Add(-1);
        }
    }

    private void Add(int attempts)
    {
        lock (_lock)
            MostInFlight = Math.Max(MostInFlight, InFlight += attempts);
    }

    private sealed class Options : ResilienceStrategyOptions;
}
