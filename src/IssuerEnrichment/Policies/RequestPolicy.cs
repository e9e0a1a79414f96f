using IssuerEnrichment.Gate;
using Polly;
using Polly.Timeout;

namespace IssuerEnrichment.Policies;

/// <summary>The policies of one HTTP request, in the form that Microsoft.Extensions.Http.Polly takes.</summary>
/// <remarks>
/// While the service is well there is only the pace to keep, the time to watch, and the gate to tell what came of it. That is done here, at half of what the
/// pipeline costs; the pipeline has all other requests.
/// </remarks>
/// <param name="pipeline">Makes the pipeline that applies all of them.</param>
/// <param name="policies">The policies of the service.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class RequestPolicy(Func<ResiliencePipeline<HttpResponseMessage>> pipeline, ServicePolicies policies, TimeProvider timeProvider)
    : AsyncPolicy<HttpResponseMessage>, IDisposable
{
    // Not that of a run: a request may be for all, such as that for a token, and go on when the run that sent it has ended.
    private readonly CallTimer _calls = new(timeProvider, CancellationToken.None);
    private readonly Lazy<IAsyncPolicy<HttpResponseMessage>> _pipeline = new(() => pipeline().AsAsyncPolicy());

    public void Dispose() => _calls.Dispose();

    protected override Task<HttpResponseMessage> ImplementationAsync(
        Func<Context, CancellationToken, Task<HttpResponseMessage>> action,
        Context context,
        CancellationToken cancellationToken,
        bool continueOnCapturedContext) =>
        policies.Current is { } lookup && policies.LetRequestBe && policies.Gate.TryPass(out GatePass pass)
            ? GoByAsync(action, context, lookup, pass, cancellationToken)
            : _pipeline.Value.ExecuteAsync(action, context, cancellationToken, continueOnCapturedContext);

    private async Task<HttpResponseMessage> GoByAsync(
        Func<Context, CancellationToken, Task<HttpResponseMessage>> action,
        Context context,
        IssuerLookup lookup,
        GatePass pass,
        CancellationToken cancellationToken)
    {
        try
        {
            if (policies.Pace is not null)
                (await policies.PaceAsync(lookup, pass, cancellationToken).ConfigureAwait(false)).Dispose();
        }
        catch (PassExpiredException)
        {
            return await _pipeline.Value.ExecuteAsync(action, context, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan timeout = policies.AttemptTimeout(lookup);
        TimedCall call = _calls.Begin(timeProvider.GetTimestamp(), timeout, cancellationToken);
        Outcome<HttpResponseMessage> outcome;
        try
        {
            outcome = Outcome.FromResult(await action(context, call.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (call.HasExpired)
        {
            outcome = Outcome.FromException<HttpResponseMessage>(new TimeoutRejectedException(e.Message, timeout, e));
        }
        catch (Exception e)
        {
            outcome = Outcome.FromException<HttpResponseMessage>(e);
        }

        _calls.End(call);
        policies.Gate.Report(pass, ServiceSignals.Read(outcome, timeProvider) with { IsFirstAttempt = !lookup.HasFailedAlone });
        outcome.ThrowIfException();
        return outcome.Result!;
    }
}
