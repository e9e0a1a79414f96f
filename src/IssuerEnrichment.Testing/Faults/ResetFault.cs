namespace IssuerEnrichment.Testing.Faults;

/// <summary>Resets the connection (TCP RST) instead of answering.</summary>
/// <param name="share">The share of requests it strikes, from 0 to 1.</param>
public sealed class ResetFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request)
    {
        request.Abort();
        return Task.CompletedTask;
    }
}
