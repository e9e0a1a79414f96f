using System.Runtime.CompilerServices;
using Polly;

namespace IssuerEnrichment.Gate;

/// <summary>Puts the gate into a pipeline: every execution passes it, and tells it what came of it.</summary>
/// <param name="gate">The service's gate.</param>
/// <param name="find">Gives the lookup on whose behalf the pipeline runs, if there is one.</param>
/// <param name="read">Says what an outcome means for the service.</param>
internal sealed class GateStrategy<T>(
    ServiceGate gate, Func<ResilienceContext, IssuerLookup?> find, Func<Outcome<T>, GateSignal> read) : ResilienceStrategy<T>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Outcome<T>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<T>>> callback, ResilienceContext context, TState state)
    {
        IssuerLookup? lookup = find(context);
        if (!gate.TryPass(out GatePass pass))
        {
            try
            {
                pass = await EnterAsync(lookup, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
            }
            catch (Exception e) when (e is OperationCanceledException or LookupEndedException)
            {
                return Outcome.FromException<T>(e);
            }

            if (pass.IsProbe && lookup is not null)
                lookup.IsProbe = true;
        }

        Outcome<T> outcome;
        try
        {
            outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (Exception e)
        {
            // A wait for the pace that is cancelled throws, and a pass that is not given back would close the gate for good.
            outcome = Outcome.FromException<T>(e);
        }

        gate.Report(pass, read(outcome) with { IsFirstAttempt = lookup is not { WasAlone: true, Retry.Failures: > 0 } });
        return outcome;
    }

    private ValueTask<GatePass> EnterAsync(IssuerLookup? lookup, CancellationToken cancellationToken)
    {
        ValueTask<GatePass> entered = gate.EnterAsync(lookup?.Lifetime.TimeLeft ?? TimeSpan.MaxValue, cancellationToken);
        return lookup is null || entered.IsCompleted ? entered : AccountAsync(entered, lookup);
    }

    private async ValueTask<GatePass> AccountAsync(ValueTask<GatePass> entering, IssuerLookup lookup)
    {
        long askedAt = lookup.Lifetime.Now;
        bool isOutage = gate.IsOutage;
        try
        {
            return await entering.ConfigureAwait(false);
        }
        finally
        {
            lookup.Outcome.AddGate(lookup.Lifetime.ElapsedSince(askedAt), isOutage);
        }
    }
}
