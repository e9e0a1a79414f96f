using System.Net.Http.Headers;
using static IssuerEnrichment.Throttling.StructuredField;

namespace IssuerEnrichment.Throttling;

/// <summary>Reads the headers that describe a service's limits, in all known formats.</summary>
/// <remarks>
/// Accepts any text: malformed headers are ignored, nothing throws, and a response without such headers causes no allocation.
/// </remarks>
internal static class RateHeaders
{
    private delegate TimeSpan? Reading(ReadOnlySpan<char> text);

    /// <summary>Reads the headers of one response.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="now">The current time, used if the response has no <c>Date</c>.</param>
    /// <returns>Null if the response contains no valid header of this kind.</returns>
    public static RateHint? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        HttpHeadersNonValidated fields = headers.NonValidated;
        if (!SpeaksOfLimits(fields))
            return null;

        ServiceClock clock = new(fields, now);
        RateHint hint = new(RetryAfter(fields, clock), IsStored(fields) ? default : Quota(fields, clock));
        return hint.RetryAfter is null && !hint.Quota.IsStated ? null : hint;
    }

    // One pass over the few headers of a usual response is faster than a lookup of each of a dozen names.
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

    // A cached response does not tell the current quota (draft 11, section 7.3).
    private static bool IsStored(HttpHeadersNonValidated fields)
    {
        ReadOnlySpan<char> ages = Find(fields, "Age");
        while (TryCut(ref ages, ',', out ReadOnlySpan<char> age))
            if (Count(age) > 0)
                return true;

        return false;
    }

    // Seconds or a date (RFC 9110, section 10.2.3). A value in milliseconds is more precise and takes precedence, as in OpenAI's clients
    // (openai-python, _base_client.py). Azure sends either name, Cosmos DB the second.
    private static TimeSpan? RetryAfter(HttpHeadersNonValidated fields, ServiceClock clock) =>
        Longest(fields, "Retry-After-Ms", ServiceClock.Milliseconds)
        ?? Longest(fields, "X-Ms-Retry-After-Ms", ServiceClock.Milliseconds)
        ?? Longest(fields, "Retry-After", clock.Wait);

    // A proxy and the service behind it may each have sent a value, on two lines or joined on one: the longest is used.
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

    // Each of the three headers may be a list with an item for each of several quotas, such as "1, 15000" (Brave Search). If only the limit is a
    // list, its other items are policies: "10, 10;w=1, 50;w=60" (draft 3, Envoy).
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

    // A reset that is a date contains a comma, so it is not a list; a list of numbers is not a date.
    private static TimeSpan? Date(HttpHeadersNonValidated fields, string name, ServiceClock clock) =>
        Longest(fields, name, text => text.Contains(',') ? clock.Wait(text) : null);

    private static string? Find(HttpHeadersNonValidated fields, string name) =>
        fields.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
