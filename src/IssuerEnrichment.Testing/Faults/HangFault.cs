namespace IssuerEnrichment.Testing.Faults;

/// <summary>Never answers: the request ends when the caller gives up or the service stops.</summary>
/// <param name="share">The share of requests it strikes, from 0 to 1.</param>
public sealed class HangFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request) => request.DelayAsync(Timeout.InfiniteTimeSpan);
}
