using System.Globalization;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Answers with an HTTP status: 500, 503, or for unknown issuers a 404 that is <see cref="RandomFault.Permanent"/>.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="share">The share of requests it strikes, from 0 to 1.</param>
public sealed class StatusFault(int status, double share) : RandomFault(share)
{
    /// <summary>What the answer's <c>Retry-After</c> says (RFC 9110), rounded up to whole seconds.</summary>
    /// <value>The default is <see langword="null"/>: no such header.</value>
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
