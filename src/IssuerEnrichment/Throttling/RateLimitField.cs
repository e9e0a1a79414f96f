using System.Globalization;
using static IssuerEnrichment.Throttling.StructuredField;

namespace IssuerEnrichment.Throttling;

/// <summary>Parses <c>RateLimit</c> and <c>RateLimit-Policy</c> of draft-ietf-httpapi-ratelimit-headers.</summary>
/// <remarks>
/// Since draft 8 they are lists of named quotas, <c>"burst";r=50;t=30</c> and <c>"burst";q=100;w=60</c>; in draft 7 they were
/// <c>limit=100, remaining=50, reset=30</c> and <c>100;w=60</c>. Both are in use. A malformed item is ignored.
/// </remarks>
internal static class RateLimitField
{
    /// <summary>Returns the strictest quota in a <c>RateLimit</c> field, completed from its policy.</summary>
    public static RateQuota Quota(ReadOnlySpan<char> field, ReadOnlySpan<char> policies, ServiceClock clock)
    {
        RateQuota tightest = default;
        ReadOnlySpan<char> nameOfTightest = default;
        ReadOnlySpan<char> rest = field;
        while (TryCut(ref rest, ',', out ReadOnlySpan<char> member))
        {
            TryCut(ref member, ';', out ReadOnlySpan<char> name);
            RateQuota quota = new(Count(Value(member, ';', "r")), clock.Wait(Value(member, ';', "t")), null, null);
            if (quota.Remaining is null || !quota.IsTighterThan(tightest))
                continue;

            tightest = quota;
            nameOfTightest = name;
        }

        if (!tightest.IsStated)
            return ReadDraft7(field, clock);

        RateQuota policy = Policy(policies, nameOfTightest);
        return tightest with { Limit = policy.Limit, Window = policy.Window };
    }

    /// <summary>Returns the strictest policy with the given name and limit in a <c>RateLimit-Policy</c> field.</summary>
    /// <param name="field">The field; may be empty.</param>
    /// <param name="name">The name, quoted or not; empty matches any.</param>
    /// <param name="limit">The number of requests; null matches any.</param>
    public static RateQuota Policy(ReadOnlySpan<char> field, ReadOnlySpan<char> name = default, long? limit = null)
    {
        RateQuota tightest = default;
        while (TryCut(ref field, ',', out ReadOnlySpan<char> member))
        {
            TryCut(ref member, ';', out ReadOnlySpan<char> item);
            long? quota = Count(item) ?? Count(Value(member, ';', "q"));
            if ((name.IsEmpty || name.Trim('"').SequenceEqual(item.Trim('"')))
                && (limit is null || limit == quota)
                && CountsRequests(member))
            {
                RateQuota policy = new(null, null, quota, Window(member));
                if (policy.IsTighterThan(tightest))
                    tightest = policy;
            }
        }

        return tightest;
    }

    private static RateQuota ReadDraft7(ReadOnlySpan<char> field, ServiceClock clock) => new(
        Count(Value(field, ',', "remaining")),
        clock.Wait(Value(field, ',', "reset")),
        Count(Value(field, ',', "limit")),
        Window: null);

    // A quota of bytes or of concurrent requests says nothing about the rate (draft 11, section 3.1.2).
    private static bool CountsRequests(ReadOnlySpan<char> parameters) =>
        Value(parameters, ';', "qu").Trim('"') is "" or "requests";

    private static TimeSpan? Window(ReadOnlySpan<char> parameters) =>
        int.TryParse(Value(parameters, ';', "w"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
