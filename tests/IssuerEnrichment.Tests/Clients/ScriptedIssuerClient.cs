namespace IssuerEnrichment.Tests.Clients;

/// <summary>A service that does at each attempt what a test says, told the id and the attempt's number for this id, from 1.</summary>
internal sealed class ScriptedIssuerClient(Func<string, int, Task<IssuerAnswer>> script) : IIssuerClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _attempts = [];

    public ScriptedIssuerClient(Func<string, int, IssuerAnswer> script)
        : this((id, attempt) => Task.FromResult(script(id, attempt)))
    {
    }

    public ScriptedIssuerClient(Func<string, IssuerAnswer> script)
        : this((id, _) => script(id))
    {
    }

    /// <summary>Attempts of all ids.</summary>
    public int Attempts
    {
        get
        {
            lock (_lock)
                return _attempts.Values.Sum();
        }
    }

    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        int attempt;
        lock (_lock)
            attempt = _attempts[issuerId] = _attempts.GetValueOrDefault(issuerId) + 1;
        return script(issuerId, attempt);
    }
}
