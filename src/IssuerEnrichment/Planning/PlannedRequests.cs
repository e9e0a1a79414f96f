using System.Globalization;
using IssuerEnrichment.Planning;

namespace IssuerEnrichment;

/// <summary>The requests of a planned run, and what they take.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
/// <param name="Way">How the issuers are asked for, in a phrase.</param>
/// <param name="Least">Requests that it takes in any case.</param>
/// <param name="Expected">Requests that it takes as <paramref name="Way"/> says. Retries and hedged requests come on top.</param>
/// <param name="LeastTime">The time from now until the rate limit lets the last of <paramref name="Least"/> requests start; zero without a limit.</param>
/// <param name="ExpectedTime">
/// What <paramref name="Expected"/> requests take by rate limit, concurrency and latency; by the rate limit alone where no latency is known, and null
/// where there is neither.
/// </param>
public sealed record PlannedRequests(string Way, long Least, long Expected, TimeSpan LeastTime, TimeSpan? ExpectedTime)
{
    /// <summary>One line for people, such as <c>one request for each issuer: 1,000 requests, 17 min</c>.</summary>
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
