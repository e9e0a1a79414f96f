using System.Net.Http.Headers;
using static IssuerEnrichment.Throttling.StructuredField;

namespace IssuerEnrichment.Throttling;

/// <summary>Reads what a service's answer says about its limits, in every dialect met in the wild.</summary>
/// <remarks>
/// Any text may come in: what is malformed counts as absent, nothing throws, and an answer without such headers costs no allocation.
/// </remarks>
internal static class RateHeaders
{
    private delegate TimeSpan? Reading(ReadOnlySpan<char> text);

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
        RateHint hint = new(RetryAfter(fields, clock), IsStored(fields) ? default : Quota(fields, clock));
        return hint.RetryAfter is null && !hint.Quota.IsStated ? null : hint;
    }

    // One look over the few headers of a common answer is cheaper than asking for each of a dozen names.
    private static bool SpeaksOfLimits(HttpHeadersNonValidated fields)
    {
        foreach ((string name, HeaderStringValues _) in fields)
            if (name.StartsWith("Rate", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Rate", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("Retry-After", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Ms-Retry-After", StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }

    // What a cache kept is not what is left now (draft 11, section 7.3).
    private static bool IsStored(HttpHeadersNonValidated fields)
    {
        ReadOnlySpan<char> ages = Find(fields, "Age");
        while (TryCut(ref ages, ',', out ReadOnlySpan<char> age))
            if (Count(age) > 0)
                return true;

        return false;
    }

    // Seconds or a date (RFC 9110, section 10.2.3). In milliseconds it is more precise and wins, as in the clients of OpenAI (openai-python,
    // _base_client.py); Azure sends either name, Cosmos DB the second.
    private static TimeSpan? RetryAfter(HttpHeadersNonValidated fields, ServiceClock clock) =>
        Longest(fields, "Retry-After-Ms", ServiceClock.Milliseconds)
        ?? Longest(fields, "X-Ms-Retry-After-Ms", ServiceClock.Milliseconds)
        ?? Longest(fields, "Retry-After", clock.Wait);

    // A proxy and the service behind it may each have sent one, in two lines or joined in one: the longest counts.
    private static TimeSpan? Longest(HttpHeadersNonValidated fields, string name, Reading read)
    {
        TimeSpan? longest = null;
        if (fields.TryGetValues(name, out HeaderStringValues values))
            foreach (string line in values)
            {
                longest = Longer(longest, read(line)); // As a whole, for a date has a comma of its own.
                ReadOnlySpan<char> rest = line;
                while (TryCut(ref rest, ',', out ReadOnlySpan<char> part))
                    longest = Longer(longest, read(part));
            }

        return longest;
    }

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;

    private static RateQuota Quota(HttpHeadersNonValidated fields, ServiceClock clock)
    {
        string? policies = Find(fields, "RateLimit-Policy") ?? Find(fields, "X-RateLimit-Policy");
        RateQuota quota = RateLimitField.Quota(Find(fields, "RateLimit"), policies, clock);
        for (int i = 0; i < QuotaNames.All.Count && !quota.IsStated; i++)
            quota = Triple(fields, QuotaNames.All[i], policies, clock);

        RateQuota policy = RateLimitField.Policy(policies, limit: quota.Limit);
        return quota with { Limit = quota.Limit ?? policy.Limit, Window = quota.Window ?? policy.Window };
    }

    // Each of the three may be a list with a member for each of several quotas, such as "1, 15000" (Brave Search). Where only the
    // limit is one, its other members are policies: "10, 10;w=1, 50;w=60" (draft 3, Envoy).
    private static RateQuota Triple(HttpHeadersNonValidated fields, QuotaNames names, ReadOnlySpan<char> policies, ServiceClock clock)
    {
        ReadOnlySpan<char> limits = Find(fields, names.Limit);
        ReadOnlySpan<char> remainders = Find(fields, names.Remaining);
        ReadOnlySpan<char> resets = Find(fields, names.Reset);
        ReadOnlySpan<char> resetsAfter = Find(fields, names.ResetAfter);
        TimeSpan? date = resets.Contains(',') ? Date(fields, names.Reset, clock) : null;
        RateQuota tightest = default;
        do
        {
            long? limit = Count(NextItem(ref limits));
            TimeSpan? window = RateLimitField.Policy(limits, limit: limit).Window ?? RateLimitField.Policy(policies, limit: limit).Window;
            TimeSpan? reset = clock.Reset(NextItem(ref resets), window);
            RateQuota quota = new(Count(NextItem(ref remainders)), clock.Wait(NextItem(ref resetsAfter)) ?? date ?? reset, limit, window);
            if (quota.IsTighterThan(tightest))
                tightest = quota;
        }
        while (!remainders.IsEmpty);

        return tightest;
    }

    // A reset that is a date has a comma, so it is no list; a list of numbers is none of these.
    private static TimeSpan? Date(HttpHeadersNonValidated fields, string name, ServiceClock clock) =>
        Longest(fields, name, text => text.Contains(',') ? clock.Wait(text) : null);

    private static string? Find(HttpHeadersNonValidated fields, string name) =>
        fields.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
