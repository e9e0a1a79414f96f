using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;

namespace IssuerEnrichment.Testing;

/// <summary>The statistics of an <see cref="IssuerTestService"/>: an immutable snapshot, also available as JSON at <c>/stats</c>.</summary>
/// <remarks>
/// A request counts as in flight until just before the last byte of its response, so a caller that keeps to N concurrent requests is never counted
/// with more. A request that the caller cancels counts until the service notices.
/// </remarks>
public sealed class IssuerServiceStatistics
{
    /// <summary>The number of requests for issuers.</summary>
    public required int Requests { get; init; }

    /// <summary>The number of requests that have not been answered yet.</summary>
    public required int InFlight { get; init; }

    /// <summary>The maximum number of concurrent requests.</summary>
    public required int MaxInFlight { get; init; }

    /// <summary>The number of requests for each issuer.</summary>
    public required IReadOnlyDictionary<string, int> RequestsById { get; init; }

    /// <summary>The number of responses by HTTP status. 0 stands for connections that ended without a complete response.</summary>
    /// <value>Together with <see cref="InFlight"/> the numbers add up to <see cref="Requests"/>.</value>
    public required IReadOnlyDictionary<int, int> AnswersByStatus { get; init; }

    /// <summary>When each request arrived, in seconds since the service was started or reset, in order of arrival.</summary>
    public required IReadOnlyList<double> ArrivalSeconds { get; init; }

    /// <summary>
    /// The number of throttled requests, whatever their status: by a <see cref="Faults.RateLimitFault"/>, a
    /// <see cref="Faults.ConcurrencyLimitFault"/>, or a custom fault that calls <see cref="IssuerRequest.ThrottleAsync"/>.
    /// </summary>
    public required int Throttled { get; init; }

    /// <summary>How many of <see cref="Throttled"/> had arrived when the first of them was answered, that is, before any caller could know.</summary>
    public required int ThrottledInFlight { get; init; }

    /// <summary>
    /// How many of <see cref="Throttled"/> had arrived 150 ms after the first of them was answered: those in flight, and those that a busy caller
    /// sent before it had read that response.
    /// </summary>
    public required int ThrottledInGrace { get; init; }

    /// <summary>The number of responses with status 429.</summary>
    [JsonInclude]
    public int TooManyRequests => AnswersByStatus.GetValueOrDefault((int)HttpStatusCode.TooManyRequests);

    /// <summary>Returns the totals on one line, such as <c>5 requests, at most 2 at a time: 3 × 200, 1 × 429, 1 in flight; 1 throttled</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> answers = AnswersByStatus.OrderBy(answers => answers.Key == 0).ThenBy(answers => answers.Key)
            .Select(answers => string.Create(
                CultureInfo.InvariantCulture, $"{answers.Value} × {(answers.Key == 0 ? "no complete response" : $"{answers.Key}")}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Requests} requests, at most {MaxInFlight} at a time: {string.Join(", ", [.. answers, $"{InFlight} in flight"])}; {Throttled} throttled");
    }
}
