using System.Runtime.CompilerServices;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Puts the gate into a pipeline: every execution passes it, and tells it what came of it. One that waits for the pace while the gate closes goes back
/// to the gate.
/// </summary>
/// <param name="guard">What every request passes.</param>
/// <param name="judge">Says what an outcome means.</param>
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
                // Nobody is let in, or a wait for the pace was cancelled; then the pass must be given back, or the gate would stay closed for good.
                outcome = Outcome.FromException<T>(e);
            }
        }
        while (outcome.Exception is PassExpiredException);

        if (pass is not null)
            guard.Report(pass, outcome.Exception is not null && context.CancellationToken.IsCancellationRequested ? new Judgement() : judge(outcome), request);
        return outcome;
    }
}
