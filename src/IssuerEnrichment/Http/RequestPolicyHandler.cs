using IssuerEnrichment.Gate;
using IssuerEnrichment.Policies;
using Microsoft.Extensions.Http;
using Polly;

namespace IssuerEnrichment.Http;

/// <summary>Applies the policies of one HTTP request.</summary>
/// <remarks>
/// While the service is well there is only the pace to keep, the time to watch, and the gate to tell what came of it. That is done here, at a fraction of
/// what the pipeline costs; all other requests are left to it.
/// </remarks>
/// <param name="policies">The policies of the service.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class RequestPolicyHandler(ServicePolicies policies, TimeProvider timeProvider) : PolicyHttpMessageHandler(_ => policies.RequestPolicy)
{
    private HttpMessageInvoker? _next;

    // The handler within, without what the base class does for its policy.
    private HttpMessageInvoker Next => _next ??= new HttpMessageInvoker(InnerHandler!, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (policies.Current is not { } lookup)
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        lookup.BeginRequest();
        try
        {
            return policies.MayRequestGoBy && policies.Gate.TryPass(out GatePass pass)
                ? await GoByAsync(request, lookup, pass, cancellationToken).ConfigureAwait(false)
                : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lookup.EndRequest();
        }
    }

    private async Task<HttpResponseMessage> GoByAsync(
        HttpRequestMessage request, IssuerLookup lookup, GatePass pass, CancellationToken cancellationToken)
    {
        try
        {
            if (policies.Pace is not null)
                (await policies.PaceAsync(lookup, pass, cancellationToken).ConfigureAwait(false)).Dispose();
        }
        catch (PassExpiredException)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan timeout = policies.AttemptTimeout(lookup);
        TimedCall call = policies.RequestCalls.Begin(timeProvider.GetTimestamp(), timeout, policies.CutShort(lookup), requests: null, cancellationToken);
        Outcome<HttpResponseMessage> outcome;
        try
        {
            outcome = Outcome.FromResult(await Next.SendAsync(request, call.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (call.HasExpired)
        {
            outcome = Outcome.FromException<HttpResponseMessage>(call.Explain(e, timeout));
        }
        catch (Exception e)
        {
            outcome = Outcome.FromException<HttpResponseMessage>(e);
        }

        policies.RequestCalls.End(call);
        bool isCancelled = outcome.Exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
        policies.Gate.Report(pass, isCancelled ? new Judgement() : policies.Judge(outcome), lookup);
        outcome.ThrowIfException();
        return outcome.Result!;
    }
}
