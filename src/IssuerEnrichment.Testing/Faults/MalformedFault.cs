using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Responds with status 200 and JSON that is cut off, although all announced bytes arrive.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class MalformedFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        return request.AnswerAsync(StatusCodes.Status200OK, MediaTypeNames.Application.Json, body[..(body.Length / 2)]);
    }
}
