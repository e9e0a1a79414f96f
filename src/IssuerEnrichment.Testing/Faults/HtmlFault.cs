using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Responds with status 200 and an HTML page, as proxies and sign-in pages do.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class HtmlFault(double share) : RandomFault(share)
{
    private static readonly ReadOnlyMemory<byte> Page =
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"u8.ToArray();

    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request) =>
        request.AnswerAsync(StatusCodes.Status200OK, MediaTypeNames.Text.Html, Page);
}
