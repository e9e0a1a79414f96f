using System.Net;
using System.Text.Json.Serialization;

namespace IssuerEnrichment.Testing;

/// <summary>What an <see cref="IssuerTestService"/> has seen: an immutable snapshot, and the JSON document at <c>/stats</c>.</summary>
/// <remarks>
/// A request counts as in flight until just before the last byte of its answer, so a caller that keeps to N requests at once is never seen
/// with more. One that the caller abandons counts until the service notices.
/// </remarks>
public sealed class IssuerServiceStatistics
{
    /// <summary>The number of requests for issuers that arrived.</summary>
    public required int Requests { get; init; }

    /// <summary>The number of requests that are not answered yet.</summary>
    public required int InFlight { get; init; }

    /// <summary>The largest number of requests that were in flight at once.</summary>
    public required int MaxInFlight { get; init; }

    /// <summary>The number of requests for each issuer.</summary>
    public required IReadOnlyDictionary<string, int> RequestsById { get; init; }

    /// <summary>The number of answers of each HTTP status; 0 stands for connections that ended without a complete answer.</summary>
    /// <value>Together with <see cref="InFlight"/> they add up to <see cref="Requests"/>.</value>
    public required IReadOnlyDictionary<int, int> AnswersByStatus { get; init; }

    /// <summary>When each request arrived, in seconds since the service started or was reset, in order of arrival.</summary>
    public required IReadOnlyList<double> ArrivalSeconds { get; init; }

    /// <summary>
    /// The number of requests that a limiter turned away, whatever its status: a <see cref="Faults.RateLimitFault"/>, a
    /// <see cref="Faults.ConcurrencyLimitFault"/>, or one of your own by <see cref="IssuerRequest.ThrottleAsync"/>.
    /// </summary>
    public required int Throttled { get; init; }

    /// <summary>How many of <see cref="Throttled"/> had arrived when the first of them was answered, before any caller could know.</summary>
    public required int ThrottledInFlight { get; init; }

    /// <summary>
    /// How many of <see cref="Throttled"/> had arrived 150 ms after the first of them was answered: those in flight, and those that a busy caller
    /// sent before it had read that answer.
    /// </summary>
    public required int ThrottledInGrace { get; init; }

    /// <summary>The number of answers with status 429.</summary>
    [JsonInclude]
    public int TooManyRequests => AnswersByStatus.GetValueOrDefault((int)HttpStatusCode.TooManyRequests);
}
