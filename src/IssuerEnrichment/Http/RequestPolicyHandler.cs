using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;
using Microsoft.Extensions.Http;
using Polly;

namespace IssuerEnrichment.Http;

/// <summary>Applies the policies to HTTP requests.</summary>
/// <remarks>
/// While the service is healthy, a request needs only the rate limit, the timeout and the report to the gate. This class does that at a fraction of the
/// cost of the pipeline. All other requests go through the pipeline.
/// </remarks>
/// <param name="policies">The policies of the service.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class RequestPolicyHandler(ServicePolicies policies, TimeProvider timeProvider) : PolicyHttpMessageHandler(_ => policies.RequestPolicy)
{
    private readonly RequestGuard _guard = policies.Guard;
    private readonly CallTimer _calls = policies.Source.RequestCalls;
    private HttpMessageInvoker? _next;

    // Sends to the inner handler, without the work that the base class does for its policy.
    private HttpMessageInvoker Next => _next ??= new HttpMessageInvoker(InnerHandler!, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_guard.Current is not { } lookup)
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        lookup.BeginRequest();
        try
        {
            return policies.CanRequestBypass && _guard.Gate.TryPass(out GatePass pass)
                ? await BypassAsync(request, lookup, pass, cancellationToken).ConfigureAwait(false)
                : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lookup.EndRequest();
        }
    }

    private async Task<HttpResponseMessage> BypassAsync(
        HttpRequestMessage request, RequestContext lookup, GatePass pass, CancellationToken cancellationToken)
    {
        try
        {
            if (_guard.IsPaced)
                (await _guard.PaceAsync(lookup, pass, cancellationToken).ConfigureAwait(false)).Dispose();
        }
        catch (PassExpiredException)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan timeout = _guard.AttemptTimeout(lookup);
        TimedCall call = _calls.Begin(timeProvider.GetTimestamp(), timeout, _guard.CutShort(lookup), requests: null, cancellationToken);
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

        _calls.End(call);
        bool isCancelled = outcome.Exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
        _guard.Report(pass, isCancelled ? new Judgement() : policies.Judge(outcome), lookup);
        outcome.ThrowIfException();
        return outcome.Result!;
    }
}
