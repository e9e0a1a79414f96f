using System.Net.Http.Headers;
using static IssuerEnrichment.Http.StructuredField;

namespace IssuerEnrichment.Http;

/// <summary>Reads what a service's answer says about its limits, in every dialect met in the wild.</summary>
/// <remarks>
/// Any text may come in: what is malformed counts as absent, nothing throws, and an answer without such headers costs no allocation.
/// </remarks>
internal static class RateHeaders
{
    // In order of precedence. The first is draft-ietf-httpapi-ratelimit-headers up to number 6, as OpenFIGI and (with an instant
    // for the reset) GitLab send it; the others are customs that no document defines.
    private static readonly (string Limit, string Remaining, string Reset)[] Triples =
    [
        ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
        ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
        ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"),
    ];

    /// <summary>Reads the headers of one answer.</summary>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="now">Our own time, used where the answer has no <c>Date</c>.</param>
    /// <returns>Null if it says nothing that can be read.</returns>
    public static RateHint? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        HttpHeadersNonValidated fields = headers.NonValidated;
        if (!SpeaksOfLimits(fields))
            return null;

        ServiceClock clock = new(fields, now);

        // What a cache kept is not what is left now (draft 11, section 7.3).
        bool stored = Count(Find(fields, "Age")) > 0;
        RateHint hint = new(RetryAfter(fields, clock), stored ? default : Quota(fields, clock));
        return hint.RetryAfter is null && !hint.Quota.IsStated ? null : hint;
    }

    // One look over the few headers of a common answer is cheaper than asking for each of a dozen names.
    private static bool SpeaksOfLimits(HttpHeadersNonValidated fields)
    {
        foreach ((string name, HeaderStringValues _) in fields)
            if (name.StartsWith("Rate", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Rate", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }

    // Seconds or a date (RFC 9110, section 10.2.3). A proxy and the service behind it may each have sent one: the longer counts.
    private static TimeSpan? RetryAfter(HttpHeadersNonValidated fields, ServiceClock clock)
    {
        TimeSpan? longest = null;
        if (fields.TryGetValues("Retry-After", out HeaderStringValues values))
            foreach (string value in values)
                if (clock.Wait(value) is { } wait && !(wait < longest))
                    longest = wait;

        return longest;
    }

    private static RateQuota Quota(HttpHeadersNonValidated fields, ServiceClock clock)
    {
        string? policies = Find(fields, "RateLimit-Policy") ?? Find(fields, "X-RateLimit-Policy");
        RateQuota quota = RateLimitField.Quota(Find(fields, "RateLimit"), policies, clock);
        for (int i = 0; i < Triples.Length && !quota.IsStated; i++)
            quota = Triple(fields, Triples[i], clock);

        RateQuota policy = RateLimitField.Policy(policies, limit: quota.Limit);
        return quota with { Limit = quota.Limit ?? policy.Limit, Window = quota.Window ?? policy.Window };
    }

    // Each of the three may be a list with a member for each of several quotas, such as "1, 15000" (Brave Search). Where only the
    // limit is one, its other members are policies: "10, 10;w=1, 50;w=60" (draft 3, Envoy).
    private static RateQuota Triple(
        HttpHeadersNonValidated fields, (string Limit, string Remaining, string Reset) names, ServiceClock clock)
    {
        ReadOnlySpan<char> limits = Find(fields, names.Limit);
        ReadOnlySpan<char> remainders = Find(fields, names.Remaining);
        ReadOnlySpan<char> resets = Find(fields, names.Reset);
        TimeSpan? reset = clock.Wait(resets); // First as a whole, for a date has a comma of its own.
        RateQuota tightest = default;
        do
        {
            RateQuota quota = new(
                Count(NextItem(ref remainders)),
                reset ?? clock.Wait(NextItem(ref resets)),
                Count(NextItem(ref limits)),
                Window: null);
            if (quota.IsTighterThan(tightest))
                tightest = quota;
        }
        while (!remainders.IsEmpty);

        return tightest with { Window = RateLimitField.Policy(limits, limit: tightest.Limit).Window };
    }

    private static string? Find(HttpHeadersNonValidated fields, string name) =>
        fields.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
