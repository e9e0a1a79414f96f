using IssuerEnrichment.Runs;

namespace IssuerEnrichment.Planning;

/// <summary>Counts inputs as a run would admit them. Uses as much memory for repeated ids as the run.</summary>
internal sealed class InputCount(IssuerSource source, int heldVerdicts)
{
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    public long Inputs { get; private set; }

    public long Invalid { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Adds an input. Returns whether its id would be looked up.</summary>
    public bool Add(string? issuerId)
    {
        Inputs++;
        if (IsInvalid(issuerId))
        {
            Invalid++;
            return false;
        }

        if (_held.Contains(issuerId!))
        {
            Duplicates++;
            return false;
        }

        Hold(issuerId!);
        return true;
    }

    private void Hold(string issuerId)
    {
        _held.Add(issuerId);
        _oldestFirst.Enqueue(issuerId);
        if (_oldestFirst.Count > heldVerdicts)
            _held.Remove(_oldestFirst.Dequeue());
    }

    // A validator that throws fails the issuer without a request, too.
    private bool IsInvalid(string? issuerId)
    {
        try
        {
            return source.Validate(issuerId) is not null;
        }
        catch (Exception)
        {
            return true;
        }
    }
}
