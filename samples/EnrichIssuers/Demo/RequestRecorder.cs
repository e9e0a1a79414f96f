namespace EnrichIssuers.Demo;

/// <summary>Adds every request to the log. It is the innermost handler, so retries are recorded separately and waits are not included.</summary>
internal sealed class RequestRecorder(RequestLog log) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TimeSpan start = log.Now;
        Thread thread = Thread.CurrentThread;
        bool succeeded = false;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            succeeded = response.IsSuccessStatusCode;
            return response;
        }
        finally
        {
            string issuerId = request.RequestUri!.Segments[^1];
            log.Add(new RecordedRequest(issuerId, start, log.Now, succeeded, thread.ManagedThreadId, thread.IsThreadPoolThread));
        }
    }
}
