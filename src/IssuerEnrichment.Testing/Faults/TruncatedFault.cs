using System.Net.Mime;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Announces the whole correct answer with status 200, sends half of it and closes the connection.</summary>
/// <param name="share">The share of requests it strikes, from 0 to 1.</param>
public sealed class TruncatedFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override async Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        request.StartAnswer(StatusCodes.Status200OK, MediaTypeNames.Application.Json, body.Length);
        await request.Http.Response.Body.WriteAsync(body[..(body.Length / 2)], request.Aborted).ConfigureAwait(false);
        await request.Http.Response.Body.FlushAsync(request.Aborted).ConfigureAwait(false);
        request.Http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
        request.Abort();
    }
}
