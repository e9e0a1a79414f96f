namespace IssuerEnrichment.Tests.Gleif;

/// <summary>What the GLEIF of the tests answers.</summary>
internal sealed record GleifAnswer(int Status, string Body, string ContentType = "application/vnd.api+json")
{
    public string? RetryAfter { get; init; }

    public static GleifAnswer NotFound { get; } = new(404, """{"errors":[{"status":"404","title":"Not Found","detail":"No such record."}]}""");

    public static GleifAnswer HtmlNotFound { get; } = new(404, "<!DOCTYPE html><html><body>404</body></html>", "text/html");

    public static GleifAnswer TooMany(string? retryAfter) => new(429, "Too many requests", "text/plain") { RetryAfter = retryAfter };
}
