namespace IssuerEnrichment.Throttling;

/// <summary>The names of the headers that together tell one quota.</summary>
internal sealed record QuotaNames(string Limit, string Remaining, string Reset, string ResetAfter)
{
    private QuotaNames(string prefix, string suffix = "")
        : this($"{prefix}-Limit{suffix}", $"{prefix}-Remaining{suffix}", $"{prefix}-Reset{suffix}", $"{prefix}-Reset-After{suffix}")
    {
    }

    /// <summary>All there are, in order of precedence.</summary>
    /// <remarks>
    /// The first is draft-ietf-httpapi-ratelimit-headers up to number 6, as OpenFIGI and (with an instant for the reset) GitLab send it; the others are
    /// customs that no standard defines. <c>Reset-After</c>, in seconds with a fraction, is Discord's (docs.discord.com, "Rate Limits"). The last are OpenAI's
    /// for requests; beside them it has some for tokens, which tell nothing of the pace of requests.
    /// </remarks>
    public static IReadOnlyList<QuotaNames> All { get; } = [new("RateLimit"), new("X-RateLimit"), new("X-Rate-Limit"), new("X-RateLimit", "-Requests")];
}
