namespace IssuerEnrichment.Tests.Clients;

/// <summary>A service that does at each attempt what a test says, told the id and the attempt's number for this id, from 1.</summary>
internal sealed class ScriptedIssuerClient : IIssuerClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _attempts = [];
    private readonly Func<string, int, Task<IssuerAnswer>> _script;

    public ScriptedIssuerClient(Func<string, int, IssuerAnswer> script) =>
        _script = (id, attempt) => Task.FromResult(script(id, attempt));

    public ScriptedIssuerClient(Func<string, IssuerAnswer> script)
        : this((id, _) => script(id))
    {
    }

    private ScriptedIssuerClient(Delegate script) => _script = (Func<string, int, Task<IssuerAnswer>>)script;

    /// <summary>Attempts of all ids.</summary>
    public int Attempts
    {
        get
        {
            lock (_lock)
                return _attempts.Values.Sum();
        }
    }

    public static ScriptedIssuerClient Async(Func<string, int, Task<IssuerAnswer>> script) => new((Delegate)script);

    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        int attempt;
        lock (_lock)
            attempt = _attempts[issuerId] = _attempts.GetValueOrDefault(issuerId) + 1;
        return _script(issuerId, attempt);
    }
}
