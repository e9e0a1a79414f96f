using System.Runtime.CompilerServices;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Applies the gate in a pipeline: every execution passes the gate and reports its result to it. An execution that waits for the rate limit while the
/// gate closes returns to the gate.
/// </summary>
/// <param name="guard">The guard that every request passes.</param>
/// <param name="judge">Classifies a result.</param>
internal sealed class GateStrategy<T>(RequestGuard guard, Func<Outcome<T>, Judgement> judge) : ResilienceStrategy<T>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Outcome<T>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<T>>> callback, ResilienceContext context, TState state)
    {
        RequestContext? request = RequestContext.From(context) ?? guard.Current;
        GatePass? pass = null;
        Outcome<T> outcome;
        do
        {
            try
            {
                FirstFailure? bypassed = FirstFailure.From(context);
                pass = bypassed is not null ? bypassed.Pass
                    : guard.Gate.TryPass(out GatePass? free) ? free
                    : await guard.EnterAsync(request, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
                if (guard.IsPaced)
                    pass.AttachTo(context);
                else if (bypassed is null)
                    guard.Gate.Send(pass);
                outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            }
            catch (Exception e)
            {
                // The gate rejected it, or the wait for the rate limit was cancelled. Then the pass must be returned, or the gate would stay closed
                // forever.
                outcome = Outcome.FromException<T>(e);
            }
        }
        while (outcome.Exception is PassExpiredException);

        if (pass is not null)
            guard.Report(pass, outcome.Exception is not null && context.CancellationToken.IsCancellationRequested ? new Judgement() : judge(outcome), request);
        return outcome;
    }
}
