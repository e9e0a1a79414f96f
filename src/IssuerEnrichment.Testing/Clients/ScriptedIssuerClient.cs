namespace IssuerEnrichment.Testing;

/// <summary>A service that does at each attempt what a script says, told the issuer's id and the number of the attempt for this id, from 1.</summary>
/// <remarks>
/// <para>
/// A script answers <see cref="IssuerAnswer.Found"/> or <see cref="IssuerAnswer.NotFound"/>, or throws, such as a <see cref="ServiceFailure"/>. One that
/// is asynchronous may also wait: for a gate of the test's own, or for time on the test's clock.
/// </para>
/// <para>Thread-safe, if the script is: it is called concurrently.</para>
/// </remarks>
public sealed class ScriptedIssuerClient : IIssuerClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _attempts = [];
    private readonly Func<string, int, CancellationToken, Task<IssuerAnswer>> _script;

    /// <summary>Creates a service that does the same at every attempt.</summary>
    /// <param name="script">Answers, or throws, given the issuer's id.</param>
    public ScriptedIssuerClient(Func<string, IssuerAnswer> script)
        : this((id, _) => script(id)) => ArgumentNullException.ThrowIfNull(script);

    /// <summary>Creates a service that answers at once.</summary>
    /// <param name="script">Answers, or throws, given the issuer's id and the attempt.</param>
    public ScriptedIssuerClient(Func<string, int, IssuerAnswer> script)
        : this((id, attempt, _) => Task.FromResult(script(id, attempt))) => ArgumentNullException.ThrowIfNull(script);

    /// <summary>Creates a service that takes its time.</summary>
    /// <param name="script">Answers, or throws, given the issuer's id, the attempt and what ends it: its timeout, the run's deadline or a cancellation.</param>
    public ScriptedIssuerClient(Func<string, int, CancellationToken, Task<IssuerAnswer>> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _script = script;
    }

    /// <summary>Attempts so far, of all issuers.</summary>
    public int Attempts
    {
        get
        {
            lock (_lock)
                return _attempts.Values.Sum();
        }
    }

    /// <summary>Attempts so far, of one issuer.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    public int AttemptsOf(string issuerId)
    {
        lock (_lock)
            return _attempts.GetValueOrDefault(issuerId);
    }

    /// <inheritdoc/>
    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        int attempt;
        lock (_lock)
            attempt = _attempts[issuerId] = _attempts.GetValueOrDefault(issuerId) + 1;
        return _script(issuerId, attempt, cancellationToken);
    }
}
