using System.Net;
using System.Text;

namespace IssuerEnrichment.Http;

/// <summary>The built-in HTTP client. Sends one GET request for each issuer.</summary>
/// <param name="http">
/// Sends the requests. An <see cref="HttpClient"/> would also create a linked token source for each request, but the lookup has a timeout already.
/// </param>
/// <param name="template">Has the headers of each request and its HTTP version. It sends nothing.</param>
/// <param name="options">The address of the service.</param>
/// <param name="reader">Reads the answer in a response.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class HttpIssuerClient(
    HttpMessageInvoker http, HttpClient template, HttpIssuerClientOptions options, IAnswerReader reader, TimeProvider timeProvider)
    : IIssuerIdValidator, IRequestShape
{
    // Kept as text, because parsed headers would be copied piece by piece for every request.
    private readonly (string Name, string Value)[] _headers =
        [.. template.DefaultRequestHeaders.NonValidated.SelectMany(header => header.Value, (header, value) => (header.Key, value))];

    private readonly Version _version = template.DefaultRequestVersion;
    private readonly HttpVersionPolicy _versionPolicy = template.DefaultVersionPolicy;
    private readonly string _prefix = ServiceAddress.Prefix(options.BaseAddress!);

    // Without the user info of the address, which may contain a password.
    public string RequestShape =>
        $"GET {options.BaseAddress!.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)} {options.Suffix} {reader.Path}";

    public string? Refuse(string issuerId)
    {
        if (issuerId is "." or "..")
            return $"The id '{issuerId}' would change the path of the address.";
        foreach (Rune rune in issuerId.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return "The id is not well-formed Unicode.";
        }

        return null;
    }

    public async Task<IssuerAnswer> GetAsync(string issuerId, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, AddressOf(issuerId)) { Version = _version, VersionPolicy = _versionPolicy };
        foreach ((string name, string value) in _headers)
            request.Headers.TryAddWithoutValidation(name, value);

        // AnswerHandler reads the body, within the policies of the request.
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return IssuerAnswer.NotFound;
        if (!response.IsSuccessStatusCode || IsNotReady(response))
            throw IssuerServiceException.FromResponse(response, timeProvider);

        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return IssuerAnswer.Of(reader.Read(body));
    }

    // RFC 9110, section 15.3.3: the response is not ready yet, and the header says when to ask again.
    private static bool IsNotReady(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Accepted && response.Headers.NonValidated.Contains("Retry-After");

    private Uri AddressOf(string issuerId) => new(string.Concat(_prefix, Uri.EscapeDataString(issuerId), options.Suffix), UriKind.Absolute);
}
