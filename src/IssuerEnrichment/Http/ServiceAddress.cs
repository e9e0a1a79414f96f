namespace IssuerEnrichment.Http;

/// <summary>The address of a service, to which ids are appended.</summary>
internal static class ServiceAddress
{
    /// <summary>
    /// Whether the scheme is http or https, or a list that service discovery resolves: <c>https+http</c> means the first one that is available.
    /// </summary>
    public static bool IsHttp(Uri address) => address.Scheme.Split('+') is var schemes && Array.TrueForAll(schemes, scheme => scheme is "http" or "https");

    /// <summary>Returns the address that an id is appended to. A path gets a trailing slash, because an id is a segment of its own.</summary>
    public static string Prefix(Uri address) =>
        address.Query.Length == 0 && !address.AbsolutePath.EndsWith('/') ? address.AbsoluteUri + "/" : address.AbsoluteUri;

    /// <summary>Returns the address without user name and password.</summary>
    public static string Describe(Uri address) => address.OriginalString.Split('@') is [var before, .. var rest] && rest.Length > 0
        ? before[..(before.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0)] + rest[^1]
        : address.OriginalString;
}
