using IssuerEnrichment.Gate;

namespace IssuerEnrichment.Policies;

/// <summary>Decides, after each failed attempt, whether there is another one and when.</summary>
/// <remarks>
/// A refusal, and the failure of a probe, are the gate's affair: the lookup goes back to the gate, to the end of the line, and has not spent an attempt.
/// </remarks>
internal sealed class RetryPolicy(IssuerEnrichmentOptions options, ServiceGate gate, RetryBudget budget, Func<double> random)
{
    // A row of bad issuers looks like an outage until another issuer is asked, so none may probe in vain for long.
    private const int MaxVainProbes = 3;

    // A service that refuses every third request at random refuses one issuer so often in a row once in 40 million.
    private const int MaxRefusalsAmidAnswers = 16;

    private readonly RetryOptions _retry = options.Retry;

    /// <summary>Whether to try again; if so, <see cref="DelayAsync"/> says when.</summary>
    public bool ShouldRetry(IssuerLookup lookup, Exception exception)
    {
        if (exception is LookupEndedException)
            return false;

        Failure failure = Failure.Of(exception);
        RetryState state = lookup.Retry ??= new RetryState();
        bool isVainProbe = lookup.IsProbe && failure.IsTransient && !failure.IsRefusal;
        lookup.IsProbe = false;
        if (isVainProbe && !lookup.WasAlone)
            state.VainProbesInCompany++;
        else if (isVainProbe && ++state.VainProbes >= MaxVainProbes)
            return false;

        if (failure.IsRefusal && lookup.WasAlone && state.CountRefusal(gate.GoodAnswers) >= MaxRefusalsAmidAnswers)
            return false;

        bool isForGate = failure.IsRefusal || isVainProbe;
        state.Cost = 0;
        state.NextDelay = TimeSpan.Zero;
        if (!isForGate)
        {
            state.Failures++;
            if (IsFinal(lookup, state, failure))
                return false;
            state.Cost = lookup.Share;
            state.NextDelay = FullJitter(state.Failures, lookup.Request?.Chance ?? random());
        }

        if (lookup.Lifetime.IsEnding)
        {
            state.Verdict = lookup.Lifetime.Describe(lookup.Outcome.Attempts);
            return false;
        }

        if (state.NextDelay < lookup.Lifetime.TimeLeft)
        {
            state.BeginWait(lookup);
            return true;
        }

        // Nothing is gained by waiting for a deadline that comes first.
        state.Verdict = new EnrichmentError(
            EnrichmentErrorKind.Deadline,
            $"The run's deadline comes before the next attempt. {failure.Error.Message}",
            failure.Error.HttpStatus,
            exception);
        return false;
    }

    /// <summary>Waits for the retry budget, and gives the time to wait after that.</summary>
    public async ValueTask<TimeSpan?> DelayAsync(RetryState state, CancellationToken cancellationToken)
    {
        if (state.Cost > 0)
            await budget.WithdrawAsync(state.Cost, cancellationToken).ConfigureAwait(false);
        return state.NextDelay;
    }

    private bool IsFinal(IssuerLookup lookup, RetryState state, in Failure failure) =>
        !failure.IsTransient || state.Failures >= _retry.MaxAttempts || lookup.Outcome.OnTheWire >= options.Timeout.Lookup;

    private TimeSpan FullJitter(int failures, double chance)
    {
        TimeSpan bound = _retry.BaseDelay * Math.Pow(2, Math.Min(failures - 1, 30));
        return (bound < _retry.MaxDelay ? bound : _retry.MaxDelay) * chance;
    }
}
