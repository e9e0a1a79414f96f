namespace IssuerEnrichment.Testing.Faults;

/// <summary>A fault that affects a proportion of the requests. Derive from it to define how it affects a request.</summary>
public abstract class RandomFault : Fault
{
    /// <summary>Creates the fault.</summary>
    /// <param name="share">The proportion of requests to affect, from 0 (none) to 1 (all).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is not between 0 and 1.</exception>
    protected RandomFault(double share)
    {
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share must be between 0 and 1.");

        Share = share;
    }

    /// <summary>
    /// The proportion of requests that the fault affects, from 0 to 1. A higher proportion affects the same requests and further ones.
    /// </summary>
    public double Share { get; }

    /// <summary>Whether the fault affects a proportion of the issuers at every attempt, instead of a proportion of the attempts.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Permanent { get; init; }

    /// <summary>A name that makes the choice of affected requests independent of other faults.</summary>
    /// <value>Default: the name of the type.</value>
    protected virtual string Name => GetType().Name;

    /// <summary>Returns whether the fault affects a request, so that a test can predict what a service does.</summary>
    /// <param name="script">The script of the service.</param>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="attempt">The number of the request for the issuer, starting at 1.</param>
    public bool Strikes(IssuerServiceScript script, string issuerId, int attempt)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(issuerId);
        StableHash hash = StableHash.Empty.Add(script.Seed).Add(Name).Add(issuerId);
        return Permanent
            ? hash.ToUnit() < Share
            : (attempt == 1 || !script.FaultsOnlyOnFirstAttempt) && hash.Add(attempt).ToUnit() < Share;
    }

    /// <inheritdoc/>
    public sealed override IssuerRequestHandler Wrap(IssuerRequestHandler inner) =>
        request => Strikes(request.Script, request.Id, request.Attempt) ? AnswerAsync(request) : inner(request);

    /// <summary>Responds to an affected request.</summary>
    /// <param name="request">The request.</param>
    protected abstract Task AnswerAsync(IssuerRequest request);
}
