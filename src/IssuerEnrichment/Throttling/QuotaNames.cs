namespace IssuerEnrichment.Throttling;

/// <summary>The names of the headers that together describe one quota.</summary>
internal sealed record QuotaNames(string Limit, string Remaining, string Reset, string ResetAfter)
{
    private QuotaNames(string prefix, string suffix = "")
        : this($"{prefix}-Limit{suffix}", $"{prefix}-Remaining{suffix}", $"{prefix}-Reset{suffix}", $"{prefix}-Reset-After{suffix}")
    {
    }

    /// <summary>All known names, in order of precedence.</summary>
    /// <remarks>
    /// The first are those of draft-ietf-httpapi-ratelimit-headers up to number 6, as sent by OpenFIGI and (with a time for the reset) GitLab. No
    /// standard defines the others. <c>Reset-After</c>, in seconds with a fraction, is Discord's (docs.discord.com, "Rate Limits"). The last are
    /// OpenAI's for requests; its headers for tokens are ignored, because they say nothing about the rate of requests.
    /// </remarks>
    public static IReadOnlyList<QuotaNames> All { get; } = [new("RateLimit"), new("X-RateLimit"), new("X-Rate-Limit"), new("X-RateLimit", "-Requests")];
}
