using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Sends the correct response one byte at a time, so that a timeout between two reads never expires.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class DripFault(double share) : RandomFault(share)
{
    /// <summary>The time between two bytes.</summary>
    /// <value>Default: 200 ms.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    protected override async Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        request.StartAnswer(StatusCodes.Status200OK, MediaTypeNames.Application.Json, body.Length);
        for (int sent = 0; sent < body.Length; sent++)
        {
            await request.DelayAsync(Interval).ConfigureAwait(false);
            if (sent == body.Length - 1)
                request.Complete(StatusCodes.Status200OK);

            await request.Http.Response.Body.WriteAsync(body.Slice(sent, 1), request.Aborted).ConfigureAwait(false);
            await request.Http.Response.Body.FlushAsync(request.Aborted).ConfigureAwait(false);
        }
    }
}
