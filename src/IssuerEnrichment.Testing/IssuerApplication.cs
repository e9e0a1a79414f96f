using System.Net.Mime;
using System.Text;
using IssuerEnrichment.Testing.Faults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IssuerEnrichment.Testing;

/// <summary>The resources of the service, on Kestrel without a host: no configuration files, no logging, no signal handlers.</summary>
internal sealed class IssuerApplication(IssuerServiceScript script) : IHttpApplication<HttpContext>
{
    private const string IssuersPath = "/issuers/";
    private volatile Run _run = new(script);

    public IssuerServiceStatistics Statistics => _run.Ledger.Snapshot();

    public void Reset() => _run = new(script);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        string path = RawPath(context);
        return (context.Request.Method, path) switch
        {
            ("GET", "/stats") => context.Response.WriteAsJsonAsync(Statistics, IssuerServiceStatisticsJson.Default.IssuerServiceStatistics),
            ("POST", "/stats/reset") => ResetAsync(context),
            ("GET", _) when path.StartsWith(IssuersPath, StringComparison.Ordinal) =>
                ProcessIssuerAsync(context, path[IssuersPath.Length..]),
            _ => NotFoundAsync(context),
        };
    }

    // The path as it was sent. Kestrel's Path keeps %2F but decodes everything else, so that the two can no longer be distinguished.
    private static string RawPath(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];

    private Task ProcessIssuerAsync(HttpContext context, string segment)
    {
        // A slash that should have been sent as %2F is another resource.
        if (segment.Length == 0 || segment.Contains('/', StringComparison.Ordinal))
            return NotFoundAsync(context);

        Run run = _run;
        return run.ProcessAsync(new(context, Uri.UnescapeDataString(segment), script, run.Ledger));
    }

    private Task ResetAsync(HttpContext context)
    {
        Reset();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>All state between two resets: the statistics, and the handlers of the faults.</summary>
    private sealed class Run(IssuerServiceScript script)
    {
        private readonly IssuerRequestHandler _handler = script.Faults
            .Reverse()
            .Aggregate<Fault, IssuerRequestHandler>(AnswerCorrectlyAsync, (next, fault) => fault.Wrap(next));

        public RequestLedger Ledger { get; } = new(script.TimeProvider);

        public async Task ProcessAsync(IssuerRequest request)
        {
            try
            {
                await _handler(request).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (request.Aborted.IsCancellationRequested)
            {
                request.Abort();
            }
            catch (Exception mistake) when (!request.Http.Response.HasStarted)
            {
                // A custom fault threw. Report it where its author will see it.
                await request.AnswerAsync(500, MediaTypeNames.Text.Plain, Encoding.UTF8.GetBytes(mistake.ToString())).ConfigureAwait(false);
            }
            finally
            {
                request.Complete(request.Http.Response.StatusCode);
            }
        }

        private static Task AnswerCorrectlyAsync(IssuerRequest request) =>
            request.AnswerAsync(StatusCodes.Status200OK, MediaTypeNames.Application.Json, request.CorrectBody());
    }
}
