using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Runs;

/// <summary>Puts the outcomes of a run into input order. No more are held back than inputs are admitted at a time.</summary>
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
