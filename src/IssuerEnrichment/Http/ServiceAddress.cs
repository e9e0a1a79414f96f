namespace IssuerEnrichment.Http;

/// <summary>The address of a service, to which ids are appended.</summary>
internal static class ServiceAddress
{
    /// <summary>Whether it is one of HTTP, or one that service discovery makes one of: <c>https+http</c> means the first of the two that there is.</summary>
    public static bool IsHttp(Uri address) => address.Scheme.Split('+') is var schemes && Array.TrueForAll(schemes, scheme => scheme is "http" or "https");

    /// <summary>What an id is appended to: a path gets its last slash, for an id is no part of the name before it.</summary>
    public static string Prefix(Uri address) =>
        address.Query.Length == 0 && !address.AbsolutePath.EndsWith('/') ? address.AbsoluteUri + "/" : address.AbsoluteUri;

    /// <summary>The address without what may be the user's name and password.</summary>
    public static string Describe(Uri address) => address.OriginalString.Split('@') is [var before, .. var rest] && rest.Length > 0
        ? before[..(before.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0)] + rest[^1]
        : address.OriginalString;
}
