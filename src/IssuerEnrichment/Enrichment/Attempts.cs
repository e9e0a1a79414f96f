using IssuerEnrichment.Clients;
using IssuerEnrichment.Hedging;
using IssuerEnrichment.Policies;
using Polly;

namespace IssuerEnrichment.Enrichment;

/// <summary>
/// Makes the attempts of a service's lookups: asks the client, times it, watches a call that is late, and leaves one alone that heeds no cancellation.
/// </summary>
/// <remarks>In steps, because a lookup whose first attempt succeeds makes it with no state machine but its own.</remarks>
internal sealed class Attempts(IssuerClientAdapter client, ServicePolicies policies, TimeProvider timeProvider)
{
    private readonly Hedge? _hedge = policies.IsHedged ? policies.Hedge : null;

    /// <summary>Asks for the lookup's issuer. What is begun must be ended.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Attempt Begin(IssuerLookup lookup, long now, CancellationToken cancellationToken)
    {
        EnrichmentOutcome outcome = lookup.Outcome;
        TimeSpan heldBefore = outcome.Held;
        lookup.HasSent = false;
        lookup.LastFailure = null;
        if (lookup.Canary is null)
            outcome.Attempts++;
        TimeSpan timeout = policies.AttemptTimeout(lookup);

        // Requests through a pipeline of their own are timed there, and what the client does besides is timed here.
        CallTimer calls = lookup.Lifetime.Calls;
        TimedCall call = client.SendsRequests
            ? calls.Begin(now, timeout, cut: null, lookup, cancellationToken)
            : calls.Begin(now, timeout, policies.CutShort(lookup), requests: null, cancellationToken);
        Task<IssuerAnswer> answer;
        try
        {
            answer = Ask(lookup, now, call);
        }
        catch (Exception e)
        {
            answer = Task.FromException<IssuerAnswer>(e);
        }

        return new Attempt(answer, call, now, timeout, heldBefore);
    }

    /// <summary>Waits until the answer is there, is late, or is cancelled. It never throws.</summary>
    public ValueTask WaitAsync(in Attempt attempt, IssuerLookup lookup) => _hedge is null
        ? attempt.Call.WaitAsync(attempt.Answer)
        : lookup.Lifetime.Calls.WaitAsync(attempt.Call, attempt.Answer, attempt.StartedAt, _hedge.Watch);

    /// <summary>Ends an attempt whose answer was waited for and is not there: one that is late races against others.</summary>
    public async ValueTask<Outcome<IssuerAnswer>> EndLateAsync(Attempt attempt, IssuerLookup lookup)
    {
        Task<IssuerAnswer> answer = attempt.Call.Token.IsCancellationRequested
            ? GetAsync(attempt.Answer, attempt.Call, lookup, timeProvider)
            : _hedge!.RaceAsync(attempt.Answer, lookup, () => Ask(lookup, timeProvider.GetTimestamp(), attempt.Call), attempt.Call);
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return End(attempt with { Answer = answer }, lookup);
    }

    /// <summary>Ends an attempt whose answer is there, and writes down what it took.</summary>
    public Outcome<IssuerAnswer> End(in Attempt attempt, IssuerLookup lookup)
    {
        Outcome<IssuerAnswer> result = Read(attempt);
        EnrichmentOutcome outcome = lookup.Outcome;
        long endedAt = timeProvider.GetTimestamp();
        lookup.Lifetime.Calls.End(attempt.Call);
        if (!lookup.HasSent && lookup.Canary is null)
            outcome.Attempts--; // It ended at the gate, or while it was paced, and never asked.
        else if (result.Exception is null)
            policies.Latency.Add(timeProvider.GetElapsedTime(lookup.SentAt, endedAt));
        else if (lookup.Retry is { Failures: > 0 } retry && client.GotFurther(lookup.IssuerId))
            retry.Restart();
        TimeSpan onTheWire = timeProvider.GetElapsedTime(attempt.StartedAt, endedAt) - (outcome.Held - attempt.HeldBefore);
        outcome.AddOnTheWire(onTheWire > TimeSpan.Zero ? onTheWire : TimeSpan.Zero);
        return result;
    }

    /// <summary>Gives the answer of a call that has ended or is cancelled; one that heeds no cancellation is left to itself.</summary>
    public static async Task<T> GetAsync<T>(Task<T> answer, TimedCall call, IssuerLookup lookup, TimeProvider timeProvider)
    {
        try
        {
            return await Grace.AwaitAsync(answer, timeProvider, call.Token).ConfigureAwait(false);
        }
        finally
        {
            if (!answer.IsCompleted)
                lookup.Caller?.Abandon();
        }
    }

    private Task<IssuerAnswer> Ask(IssuerLookup lookup, long now, TimedCall call)
    {
        if (client.SendsRequests)
            policies.Enter(lookup);
        else
            lookup.CountRequest(now);
        return client.AskAsync(lookup, call.Token);
    }

    private static Outcome<IssuerAnswer> Read(in Attempt attempt)
    {
        try
        {
            // It has ended, so that nothing waits here.
            IssuerAnswer answer = attempt.Answer.GetAwaiter().GetResult();
            return answer.IsMissing
                ? Outcome.FromException<IssuerAnswer>(IssuerClientAdapter.Fault("The client returned no answer."))
                : Outcome.FromResult(answer);
        }
        catch (OperationCanceledException e) when (attempt.Call.HasExpired)
        {
            return Outcome.FromException<IssuerAnswer>(attempt.Call.Explain(e, attempt.Timeout));
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer>(e);
        }
    }
}

/// <summary>An attempt under way.</summary>
/// <param name="Answer">What the client gives.</param>
/// <param name="Call">Has the token that ends it.</param>
/// <param name="StartedAt">When it began, as a timestamp.</param>
/// <param name="Timeout">How long it may take, where it is timed here.</param>
/// <param name="HeldBefore">How long attempts before it were held back.</param>
internal readonly record struct Attempt(Task<IssuerAnswer> Answer, TimedCall Call, long StartedAt, TimeSpan Timeout, TimeSpan HeldBefore)
{
    /// <summary>Whether there is nothing to wait for.</summary>
    public bool IsOver => Answer.IsCompleted;
}
