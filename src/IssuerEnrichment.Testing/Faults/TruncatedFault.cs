using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Announces the whole correct answer with status 200, sends half of it and closes the connection.</summary>
/// <param name="share">The share of requests it strikes, from 0 to 1.</param>
public sealed class TruncatedFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        request.StartAnswer(StatusCodes.Status200OK, MediaTypeNames.Application.Json, body.Length);
        request.Complete(status: 0);

        // Kestrel sees that bytes are missing, and closes the connection after those it has.
        return request.Http.Response.Body.WriteAsync(body[..(body.Length / 2)], request.Aborted).AsTask();
    }
}
