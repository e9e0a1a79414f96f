using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>Decides after each failed attempt whether to retry, and waits until the retry is due.</summary>
/// <remarks>
/// <para>
/// A lookup that waits gives up its slot, so that other lookups can run. Throttling is handled by the gate: the lookup returns to the gate, and the
/// attempt does not count. While the service is down, no attempts count either: the lookup waits until the service recovers.
/// </para>
/// <para>
/// An issuer fails only if the service answers for others. Its last attempt is made after the service has answered a request that was sent after the
/// issuer's first failure. If no other issuer is left, the canary is requested: an issuer that the service has answered for before.
/// </para>
/// </remarks>
internal sealed class RetryPolicy(IssuerEnrichmentOptions options, ServiceGate gate, RetryBudget budget, TimeProvider timeProvider, Func<double> random)
{
    // If a service throttles every third request at random, this many in a row for one issuer and none for others occur once in 40 million times.
    private const int MostThrottledAlone = 16;

    private readonly RetryOptions _retry = options.Retry;

    /// <summary>Returns whether to retry, once the next attempt is due.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="exception">The failure of the last attempt; null if the service answered for the canary.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<bool> ShouldRetryAsync(RequestContext lookup, Exception? exception, CancellationToken cancellationToken)
    {
        RetryState state = lookup.Retry ??= new RetryState();
        bool wasCanary = state.Canary is not null;
        state.Canary = null;
        lookup.IsProber = false;
        if (exception is null)
            return state.Verdict is null;
        state.Verdict = null;
        if (exception is LookupEndedException)
            return false;

        Judgement judgement = Judge(lookup, exception);
        if (lookup.Lifetime.IsEnding)
            return End(state, lookup.Lifetime.Describe(lookup.Account.Attempts));
        if (exception is ServiceDownException || (lookup.SentAt is null && gate.IsDown))
            return await AwaitServiceAsync(lookup, state, cancellationToken).ConfigureAwait(false);
        lookup.HasFailed |= judgement.Meaning is AnswerMeaning.Broken or AnswerMeaning.Overloaded or AnswerMeaning.Denied;
        switch (judgement.Meaning)
        {
            case AnswerMeaning.Throttled:
                return CanRetryThrottled(lookup, state);
            case AnswerMeaning.NotReady:
                return await AwaitAnswerAsync(lookup, state, judgement, cancellationToken).ConfigureAwait(false);
            case AnswerMeaning.Impatience:
                return await BackOffAsync(lookup, state, judgement, cancellationToken).ConfigureAwait(false);
            case AnswerMeaning.Broken or AnswerMeaning.Overloaded when gate.IsDown || wasCanary:
                state.FailedBatchProbes += WasAlone(lookup) ? 0 : 1;
                if (wasCanary)
                    state.Restart(); // The service fails for an issuer that it has answered for, so it was not this one's fault.
                return await AwaitServiceAsync(lookup, state, cancellationToken).ConfigureAwait(false);
            case AnswerMeaning.Broken or AnswerMeaning.Overloaded:
                state.ForgiveOutage(gate.ConfirmedOutage);
                state.CountFailure(lookup.Lifetime.Now);
                if (IsExhausted(lookup, state))
                    return await AwaitVerdictAsync(lookup, state, judgement, cancellationToken).ConfigureAwait(false);
                return await BackOffAsync(lookup, state, judgement, cancellationToken).ConfigureAwait(false)
                    && (state.Failures < _retry.MaxAttempts - 1 || await AwaitOthersAsync(lookup, state, cancellationToken).ConfigureAwait(false));
            case AnswerMeaning.Denied:
                state.CountFailure(lookup.Lifetime.Now);
                return await AwaitVerdictAsync(lookup, state, judgement, cancellationToken).ConfigureAwait(false);
            default:
                return false;
        }
    }

    // The judgement of the request policies is more precise: it includes the headers of the response, and whether the gate treated it as throttling.
    private static Judgement Judge(RequestContext lookup, Exception exception)
    {
        Judgement own = AnswerJudge.Judge(exception);
        if (lookup.LastFailure is not { } seen)
            return own;
        return seen.Meaning == AnswerMeaning.NotReady || (own.IsTransient && own.Error?.HttpStatus == seen.Error?.HttpStatus && seen.Error?.HttpStatus is not null)
            ? seen with { Error = own.Error }
            : own;
    }

    private static bool WasAlone(RequestContext lookup) => lookup.Batch is not { WasAlone: false };

    private bool CanRetryThrottled(RequestContext lookup, RetryState state)
    {
        if (!WasAlone(lookup))
            return true;
        state.CountThrottling(gate.GoodAnswers, gate.Throttled);
        return state.ThrottledAlone < MostThrottledAlone;
    }

    private async ValueTask<bool> AwaitAnswerAsync(RequestContext lookup, RetryState state, Judgement judgement, CancellationToken cancellationToken)
    {
        TimeSpan wait = judgement.RetryAfter is { } asked && asked > _retry.BaseDelay ? asked : _retry.BaseDelay;
        state.NotReadySince ??= lookup.Lifetime.Now;
        if (lookup.Lifetime.ElapsedSince(state.NotReadySince.Value) > options.Gate.Patience + wait)
            return false;
        return await WaitAsync(lookup, state, judgement, wait, cost: 0, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<bool> BackOffAsync(RequestContext lookup, RetryState state, Judgement judgement, CancellationToken cancellationToken)
    {
        TimeSpan wait = state.Failures == 0 ? TimeSpan.Zero : FullJitter(state.Failures, lookup.Batch?.Request?.Chance ?? random());
        TimeSpan asked = judgement.RetryAfter ?? TimeSpan.Zero;
        TimeSpan most = options.Gate.MaxRetryAfter;
        return WaitAsync(lookup, state, judgement, asked > wait ? asked < most ? asked : most : wait, lookup.Share, cancellationToken);
    }

    // While the service is down, no issuer fails. Waits until the service recovers, is given up, or no other lookup is left to probe it.
    private async ValueTask<bool> AwaitServiceAsync(RequestContext lookup, RetryState state, CancellationToken cancellationToken)
    {
        bool isProber = lookup.IsProber;
        while (!isProber && gate.IsDown && !gate.IsGivenUp)
            isProber = await ParkForServiceAsync(lookup, cancellationToken).ConfigureAwait(false);
        state.ForgiveOutage(gate.ConfirmedOutage);
        state.TimeDown = lookup.Account.OnTheWire;
        state.Canary = gate.IsDown ? gate.Canary : null;
        return true;
    }

    // Waits until the service has answered for another issuer. Before that, the last attempt would prove nothing.
    private async ValueTask<bool> AwaitOthersAsync(RequestContext lookup, RetryState state, CancellationToken cancellationToken)
    {
        if (await AreOthersAnsweredAsync(lookup, state, cancellationToken).ConfigureAwait(false))
            return true;
        if (gate.IsDown)
            return await AwaitServiceAsync(lookup, state, cancellationToken).ConfigureAwait(false);
        state.Canary = gate.Canary;
        return true;
    }

    // Waits until this is known, the service is down, or no other lookup is left that could find out.
    private async ValueTask<bool> AreOthersAnsweredAsync(RequestContext lookup, RetryState state, CancellationToken cancellationToken)
    {
        bool isProber = false;
        while (!isProber && !gate.IsDown && !gate.WasAnsweredSince(state.FailingSince))
            isProber = await ParkForServiceAsync(lookup, cancellationToken).ConfigureAwait(false);
        return !gate.IsDown && gate.WasAnsweredSince(state.FailingSince);
    }

    // All attempts were used, but the failure is final only if the service answers for other issuers.
    private async ValueTask<bool> AwaitVerdictAsync(RequestContext lookup, RetryState state, Judgement judgement, CancellationToken cancellationToken)
    {
        bool areOthersAnswered = await AreOthersAnsweredAsync(lookup, state, cancellationToken).ConfigureAwait(false);
        if (gate.IsDown)
            return await AwaitServiceAsync(lookup, state, cancellationToken).ConfigureAwait(false);
        if (state.ForgiveOutage(gate.ConfirmedOutage))
            return true;
        if (areOthersAnswered)
            return false;
        if (gate.Canary is { } canary)
        {
            state.Verdict = judgement.Error;
            state.Canary = canary;
            return true;
        }

        // The service has never answered, and no other issuer is left. Denied access or an unreachable service says nothing about the issuer.
        return (judgement.Meaning == AnswerMeaning.Denied || judgement.IsUnreachable) && End(state, judgement.Error!);
    }

    // Returns whether the lookup got its slot as a probe, or keeps its slot because there is no other.
    private static async ValueTask<bool> ParkForServiceAsync(RequestContext lookup, CancellationToken cancellationToken)
    {
        long since = lookup.Lifetime.Now;
        bool isParked = await lookup.Place!.TryParkAsync(wait: null, cancellationToken).ConfigureAwait(false);
        lookup.Account.AddGate(lookup.Lifetime.ElapsedSince(since), isDown: true);
        lookup.IsProber |= !isParked;
        return lookup.IsProber;
    }

    private async ValueTask<bool> WaitAsync(
        RequestContext lookup, RetryState state, Judgement judgement, TimeSpan wait, double cost, CancellationToken cancellationToken)
    {
        if (wait >= lookup.Lifetime.TimeLeft)
        {
            // Waiting is useless if the deadline comes first.
            return End(state, new EnrichmentError(
                EnrichmentErrorKind.Deadline,
                $"The run's deadline expires before the next attempt. {judgement.Error!.Message}",
                judgement.Error.HttpStatus,
                judgement.Error.Exception));
        }

        long since = lookup.Lifetime.Now;
        long waitedAt = since;
        if (!await lookup.Place!.TryParkAsync(DelayAsync, cancellationToken).ConfigureAwait(false))
            await DelayAsync(cancellationToken).ConfigureAwait(false);
        lookup.Account.AddQueued(lookup.Lifetime.ElapsedSince(waitedAt));
        return !gate.IsDown || await AwaitServiceAsync(lookup, state, cancellationToken).ConfigureAwait(false);

        async ValueTask DelayAsync(CancellationToken cancellationToken)
        {
            try
            {
                if (cost > 0)
                    await budget.WithdrawAsync(cost, cancellationToken).ConfigureAwait(false);
                await Task.Delay(wait, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lookup.Account.AddBackoff(lookup.Lifetime.ElapsedSince(since));
                waitedAt = lookup.Lifetime.Now;
            }
        }
    }

    private static bool End(RetryState state, EnrichmentError reason)
    {
        state.NoVerdict = reason;
        return false;
    }

    private bool IsExhausted(RequestContext lookup, RetryState state) =>
        state.Failures >= _retry.MaxAttempts || lookup.TimeSpent >= options.Timeout.Lookup;

    private TimeSpan FullJitter(int failures, double chance)
    {
        TimeSpan bound = _retry.BaseDelay * Math.Pow(2, Math.Min(failures - 1, 30));
        return (bound < _retry.MaxDelay ? bound : _retry.MaxDelay) * chance;
    }
}
