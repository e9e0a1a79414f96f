namespace IssuerEnrichment.Testing;

/// <summary>A test client that follows a script. The script gets the issuer's id and the number of the attempt for this id, starting at 1.</summary>
/// <remarks>
/// <para>
/// A script returns <see cref="IssuerAnswer.Found"/> or <see cref="IssuerAnswer.NotFound"/>, or throws, for example a <see cref="ServiceFailure"/>.
/// An asynchronous script can also wait, for a signal of the test or for time on the test's clock.
/// </para>
/// <para>Thread-safe if the script is; the script is called concurrently.</para>
/// </remarks>
public sealed class ScriptedIssuerClient : IIssuerClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _attempts = [];
    private readonly Func<string, int, CancellationToken, Task<IssuerAnswer>> _script;

    /// <summary>Creates a client that does the same at every attempt.</summary>
    /// <param name="script">Returns the answer for the issuer's id, or throws.</param>
    public ScriptedIssuerClient(Func<string, IssuerAnswer> script)
        : this((id, _) => script(id)) => ArgumentNullException.ThrowIfNull(script);

    /// <summary>Creates a client that answers synchronously.</summary>
    /// <param name="script">Returns the answer for the issuer's id and the attempt, or throws.</param>
    public ScriptedIssuerClient(Func<string, int, IssuerAnswer> script)
        : this((id, attempt, _) => Task.FromResult(script(id, attempt))) => ArgumentNullException.ThrowIfNull(script);

    /// <summary>Creates a client that answers asynchronously.</summary>
    /// <param name="script">
    /// Returns the answer for the issuer's id and the attempt, or throws. The token cancels the attempt: its timeout, the run's deadline or a
    /// cancellation.
    /// </param>
    public ScriptedIssuerClient(Func<string, int, CancellationToken, Task<IssuerAnswer>> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _script = script;
    }

    /// <summary>The number of attempts so far, for all issuers.</summary>
    public int Attempts
    {
        get
        {
            lock (_lock)
                return _attempts.Values.Sum();
        }
    }

    /// <summary>Returns the number of attempts so far for one issuer.</summary>
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
