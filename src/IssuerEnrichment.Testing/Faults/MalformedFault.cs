using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Answers 200 with JSON that ends half-way, although every byte that was announced arrives.</summary>
/// <param name="share">The share of requests it strikes, from 0 to 1.</param>
public sealed class MalformedFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        ReadOnlyMemory<byte> body = request.CorrectBody();
        return request.AnswerAsync(StatusCodes.Status200OK, MediaTypeNames.Application.Json, body[..(body.Length / 2)]);
    }
}
