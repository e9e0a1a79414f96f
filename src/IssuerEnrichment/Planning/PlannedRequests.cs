using System.Globalization;
using IssuerEnrichment.Planning;

namespace IssuerEnrichment;

/// <summary>The requests of a planned run, and their duration.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
/// <param name="Way">A phrase that says how the issuers are looked up.</param>
/// <param name="Least">The minimum number of requests.</param>
/// <param name="Expected">The expected number of requests, without retries and hedged requests.</param>
/// <param name="LeastTime">The time until the rate limit permits the last of <paramref name="Least"/> requests; zero without a rate limit.</param>
/// <param name="ExpectedTime">
/// The expected duration of <paramref name="Expected"/> requests, from the rate limit, the concurrency and the latency. If the latency is unknown, it
/// is based on the rate limit alone; null if there is none either.
/// </param>
public sealed record PlannedRequests(string Way, long Least, long Expected, TimeSpan LeastTime, TimeSpan? ExpectedTime)
{
    /// <summary>Returns one line for people, such as <c>one request for each issuer: 1,000 requests, 17 min</c>.</summary>
    public override string ToString() => Expected == 0 ? $"{Way}: no request" : $"{Way}: {DescribeRequests()}, {DescribeTime()}";

    private string DescribeRequests() => Least < Expected ? $"{Count(Least)} to {Count(Expected)} requests"
        : Expected == 1 ? "1 request"
        : $"{Count(Expected)} requests";

    private string DescribeTime()
    {
        if (ExpectedTime is not { } expected)
            return "time not known";
        string least = PlanText.Of(LeastTime);
        string most = PlanText.Of(expected);
        return LeastTime == TimeSpan.Zero || LeastTime >= expected || least == most ? most : $"{least} to {most}";
    }

    private static string Count(long requests) => requests.ToString("N0", CultureInfo.InvariantCulture);
}
