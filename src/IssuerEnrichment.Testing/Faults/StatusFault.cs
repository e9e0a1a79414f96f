using System.Globalization;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Responds with an HTTP status: for example 500, 503, or for unknown issuers 404, which is <see cref="RandomFault.Permanent"/>.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class StatusFault(int status, double share) : RandomFault(share)
{
    /// <summary>The value of the response's <c>Retry-After</c> header (RFC 9110), rounded up to whole seconds.</summary>
    /// <value>Default: <see langword="null"/>; no such header.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc/>
    protected override string Name => string.Create(CultureInfo.InvariantCulture, $"status {status} {RetryAfter}");

    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        if (RetryAfter is { } delay)
            request.Http.Response.Headers.RetryAfter = delay.ToWholeSeconds();

        return request.AnswerAsync(status);
    }
}
