using System.Runtime.CompilerServices;
using Polly;

namespace IssuerEnrichment.Gate;

/// <summary>
/// Puts the gate into a pipeline: every execution passes it, and tells it what came of it. One that waits for the pace while the gate closes goes back
/// to the gate.
/// </summary>
/// <param name="gate">The service's gate.</param>
/// <param name="find">Gives the lookup on whose behalf the pipeline runs, if there is one.</param>
/// <param name="judge">Says what an outcome means.</param>
/// <param name="isPaced">Whether there is a wait for the pace between the gate and the service, which needs to know the pass.</param>
internal sealed class GateStrategy<T>(
    ServiceGate gate, Func<ResilienceContext, IssuerLookup?> find, Func<Outcome<T>, Judgement> judge, bool isPaced) : ResilienceStrategy<T>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Outcome<T>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<T>>> callback, ResilienceContext context, TState state)
    {
        IssuerLookup? lookup = find(context);
        GatePass? pass = null;
        Outcome<T> outcome;
        do
        {
            try
            {
                pass = lookup?.FirstFailure is { } made ? made.Pass
                    : gate.TryPass(out GatePass? free) ? free
                    : await EnterAsync(lookup, context).ConfigureAwait(context.ContinueOnCapturedContext);
                if (isPaced)
                    pass.AttachTo(context);
                else if (lookup?.FirstFailure is null)
                    gate.Send(pass);
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
            gate.Report(pass, outcome.Exception is not null && context.CancellationToken.IsCancellationRequested ? new Judgement() : judge(outcome), lookup);
        return outcome;
    }

    private async ValueTask<GatePass> EnterAsync(IssuerLookup? lookup, ResilienceContext context)
    {
        if (lookup is null)
            return await gate.EnterAsync(isProbe: true, TimeSpan.MaxValue, context.CancellationToken).ConfigureAwait(false);

        long askedAt = lookup.Lifetime.Now;
        bool isDown = gate.IsDown;
        bool isFree = gate.IsWell;
        try
        {
            return await gate.EnterAsync(lookup.IsProber, lookup.Lifetime.TimeLeft, context.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            TimeSpan waited = lookup.Lifetime.ElapsedSince(askedAt);
            if (isFree)
                lookup.Outcome.AddQueued(waited);
            else if (gate.Throttled == 0 && !isDown)
                lookup.Outcome.AddPaced(waited);
            else
                lookup.Outcome.AddGate(waited, isDown);
        }
    }
}
