using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Announces the complete correct response with status 200, sends half of it and closes the connection.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class TruncatedFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        request.StartAnswer(StatusCodes.Status200OK, MediaTypeNames.Application.Json, body.Length);
        request.Complete(status: 0);

        // Kestrel detects the missing bytes, and closes the connection after the others.
        return request.Http.Response.Body.WriteAsync(body[..(body.Length / 2)], request.Aborted).AsTask();
    }
}
