using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Enrichment;

/// <summary>Puts the outcomes of a flow into input order. No more are held back than inputs are admitted at a time.</summary>
internal sealed class Reordering
{
    private readonly Dictionary<long, EnrichmentOutcome> _early = [];
    private long _next;

    public bool TryTake(RunFlow flow, [NotNullWhen(true)] out EnrichmentOutcome? outcome)
    {
        while (!_early.Remove(_next, out outcome))
        {
            if (!flow.TryTake(out EnrichmentOutcome? settled))
                return false;
            _early.Add(settled.Position, settled);
        }

        _next++;
        return true;
    }
}
