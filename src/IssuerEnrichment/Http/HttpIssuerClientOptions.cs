namespace IssuerEnrichment;

/// <summary>Options for the built-in HTTP client: the address of the service and the format of its responses.</summary>
public sealed class HttpIssuerClientOptions
{
    /// <summary>The address to which the percent-encoded id is appended, such as <c>https://issuers.internal/api/users/</c>.</summary>
    /// <value>
    /// Required: an absolute http or https address; with service discovery also <c>https+http</c>. A path that does not end in a slash gets one. To
    /// put the id in the query, write <c>https://issuers.internal/isins?lei=</c>.
    /// </value>
    public Uri? BaseAddress { get; set; }

    /// <summary>The text that is appended after the id, such as <c>/isins</c>.</summary>
    /// <value>Default: empty.</value>
    public string Suffix { get; set; } = "";

    /// <summary>
    /// The path to the answer in the JSON response: property names separated by dots, or <c>$</c> for the whole response. For ISINs, the path ends at
    /// a string or an array of strings, and arrays on the path are traversed item by item: <c>data.attributes.isin</c> reads one ISIN from each object
    /// in <c>data</c>. For other attributes, the path leads through objects only.
    /// </summary>
    /// <value>Default: null, which means <c>data.isins</c> for ISINs, and the whole response for other attributes.</value>
    public string? AnswerPath { get; set; }

    /// <summary>The maximum size of a response in bytes after decompression, 1 to 1 GiB.</summary>
    /// <value>Default: 4 MiB, which is about 200,000 ISINs.</value>
    public int MaxAnswerBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Headers that are sent with every request, such as an API key. They are never logged.</summary>
    /// <value>Default: empty.</value>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Called before every request, to set headers that change, such as a token.</summary>
    /// <value>Default: null.</value>
    public Func<HttpRequestMessage, CancellationToken, ValueTask>? OnRequest { get; set; }
}
