namespace IssuerEnrichment.Testing.Faults;

/// <summary>A fault that strikes a share of the requests: derive from it and say what such a request gets.</summary>
public abstract class RandomFault : Fault
{
    /// <summary>Creates the fault.</summary>
    /// <param name="share">The share of requests it strikes, from 0 (none) to 1 (all).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is no share.</exception>
    protected RandomFault(double share)
    {
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is a number from 0 to 1.");

        Share = share;
    }

    /// <summary>The share of requests that the fault strikes, from 0 to 1. A larger share strikes the same requests and more.</summary>
    public double Share { get; }

    /// <summary>Whether the fault strikes a share of the issuers, at every attempt, instead of a share of the attempts.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Permanent { get; init; }

    /// <summary>The name that keeps this fault's victims independent of those of other faults.</summary>
    /// <value>The default is the name of the type.</value>
    protected virtual string Name => GetType().Name;

    /// <summary>Tells whether the fault strikes, so that a test can foresee what a service will do.</summary>
    /// <param name="script">The script of the service.</param>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="attempt">Which request for the issuer it is, counted from 1.</param>
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

    /// <summary>Answers, or mistreats, a request that the fault strikes.</summary>
    /// <param name="request">The request.</param>
    protected abstract Task AnswerAsync(IssuerRequest request);
}
