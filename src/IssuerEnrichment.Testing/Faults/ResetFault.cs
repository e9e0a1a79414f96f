namespace IssuerEnrichment.Testing.Faults;

/// <summary>Resets the connection (TCP RST) instead of responding.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class ResetFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        request.Abort();
        return Task.CompletedTask;
    }
}
