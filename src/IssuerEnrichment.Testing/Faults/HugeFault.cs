using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Sends the correct response after megabytes of white space, which JSON allows.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class HugeFault(double share) : RandomFault(share)
{
    private static readonly ReadOnlyMemory<byte> Padding = Enumerable.Repeat((byte)' ', 64 * 1024).ToArray();

    /// <summary>The length of the white space in bytes, rounded up to a multiple of 64 KiB.</summary>
    /// <value>Default: 64 MiB.</value>
    public long Size { get; init; } = 64 * 1024 * 1024;

    /// <inheritdoc/>
    protected override async Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        long blocks = (Size + Padding.Length - 1) / Padding.Length;
        request.StartAnswer(StatusCodes.Status200OK, MediaTypeNames.Application.Json, (blocks * Padding.Length) + body.Length);
        for (long block = 0; block < blocks; block++)
            await request.Http.Response.Body.WriteAsync(Padding, request.Aborted).ConfigureAwait(false);

        request.Complete(StatusCodes.Status200OK);
        await request.Http.Response.Body.WriteAsync(body, request.Aborted).ConfigureAwait(false);
    }
}
