namespace IssuerEnrichment;

/// <summary>Where an issuer service is, and how its answers read.</summary>
public sealed class HttpIssuerClientOptions
{
    /// <summary>The address that the id, percent-encoded, is appended to, such as <c>https://issuers.internal/api/users/</c>.</summary>
    /// <value>
    /// Required: absolute, http or https; with service discovery also <c>https+http</c>. A path without a slash at its end gets one. An id in the query is
    /// written so: <c>https://issuers.internal/isins?lei=</c>.
    /// </value>
    public Uri? BaseAddress { get; set; }

    /// <summary>What follows the id in the address, such as <c>/isins</c>.</summary>
    /// <value>Default: nothing.</value>
    public string Suffix { get; set; } = "";

    /// <summary>
    /// Where the ISINs sit in the JSON answer: property names separated by dots. Lists on the way are walked element by element, so
    /// <c>data.attributes.isin</c> reads one ISIN from each object of <c>data</c>. At its end stands a list of strings, or one string.
    /// </summary>
    /// <value>Default: <c>data.isins</c>.</value>
    public string IsinsPath { get; set; } = "data.isins";

    /// <summary>The largest answer that is read, in bytes after decompression, 1 to 1 GiB.</summary>
    /// <value>Default: 4 MiB, some 200,000 ISINs.</value>
    public int MaxAnswerBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Headers sent with every request, such as an API key. They are never logged.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Called before every request, for headers that change, such as a token.</summary>
    /// <value>Default: null.</value>
    public Func<HttpRequestMessage, CancellationToken, ValueTask>? OnRequest { get; set; }
}
