using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Runs;

/// <summary>Reorders the outcomes of a run into input order. It buffers no more outcomes than the run's read-ahead.</summary>
internal sealed class Reordering
{
    private readonly Dictionary<long, EnrichmentOutcome> _early = [];
    private long _next;

    public bool TryTake(StrategyRun run, [NotNullWhen(true)] out EnrichmentOutcome? outcome)
    {
        while (!_early.Remove(_next, out outcome))
        {
            if (!run.TryTake(out EnrichmentOutcome? settled))
                return false;
            _early.Add(settled.Position, settled);
        }

        _next++;
        return true;
    }
}
