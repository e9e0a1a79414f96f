using Polly.CircuitBreaker;

namespace IssuerEnrichment.Policies;

/// <summary>Decides, after each failed attempt, whether there is another one and when.</summary>
internal sealed class RetryPolicy(RetryOptions retry, TimeoutOptions timeout, OutageClock outage, Func<double> random)
{
    /// <summary>Whether to try again; if so, <see cref="RetryState.NextDelay"/> is set.</summary>
    public bool ShouldRetry(IssuerLookup lookup, Exception exception)
    {
        Failure failure = Failure.Of(exception);
        RetryState state = lookup.Retry ??= new RetryState();
        bool isParked = exception is BrokenCircuitException;
        if (isParked ? IsOutOfPatience(lookup) : IsFinal(lookup, failure))
            return false;

        if (lookup.Lifetime.IsEnding)
        {
            state.Verdict = lookup.Lifetime.Describe(lookup.Outcome.Attempts);
            return false;
        }

        state.NextDelay = isParked ? ProbeDelay(failure) : Delay(state.Failures, failure);
        if (state.NextDelay < lookup.Lifetime.TimeLeft)
        {
            state.BeginWait(lookup, isParked);
            return true;
        }

        // Nothing is gained by waiting for a deadline that comes first.
        state.Verdict = new EnrichmentError(
            EnrichmentErrorKind.Deadline,
            $"The run's deadline comes before the next attempt, which is due in {state.NextDelay.TotalSeconds:0.#} s. {failure.Error.Message}",
            failure.Error.HttpStatus,
            exception);
        return false;
    }

    // Failures are counted here, for a limiter or a policy of the user's may fail an attempt before the client is asked.
    private bool IsFinal(IssuerLookup lookup, in Failure failure) =>
        !failure.IsTransient || ++lookup.Retry!.Failures >= retry.MaxAttempts || lookup.Outcome.OnTheWire >= timeout.Lookup;

    // A run has patience of its own: it does not begin with that of an earlier one used up.
    private bool IsOutOfPatience(IssuerLookup lookup)
    {
        if (!outage.HasOutlastedPatience(lookup.Lifetime.StartedAt))
            return false;
        lookup.Retry!.Verdict = new EnrichmentError(
            EnrichmentErrorKind.Outage,
            $"The service has been down for longer than the {outage.Patience.TotalSeconds:0.###} s of patience.");
        return true;
    }

    // A hint is a lower bound, so what is drawn comes on top of it.
    private TimeSpan Delay(int failures, in Failure failure)
    {
        bool isThrottled = failure.Error.Kind == EnrichmentErrorKind.Throttled;
        TimeSpan bound = (isThrottled ? retry.ThrottledDelay : retry.BaseDelay) * Math.Pow(2, Math.Min(failures - 1, 30));
        TimeSpan drawn = (bound < retry.MaxDelay ? bound : retry.MaxDelay) * random();
        TimeSpan hint = failure.RetryAfter ?? TimeSpan.Zero;
        return drawn + (hint < retry.MaxRetryAfter ? hint : retry.MaxRetryAfter);
    }

    // The first to come after the break is the probe; the others find the circuit closed, or open again.
    private TimeSpan ProbeDelay(in Failure failure) => (failure.RetryAfter ?? TimeSpan.Zero) + retry.BaseDelay * (0.5 + random());
}
