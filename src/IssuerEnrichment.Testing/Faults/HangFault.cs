namespace IssuerEnrichment.Testing.Faults;

/// <summary>Never responds. The request ends when the caller cancels it or the service stops.</summary>
/// <param name="share">The proportion of requests to affect, from 0 to 1.</param>
public sealed class HangFault(double share) : RandomFault(share)
{
    /// <inheritdoc/>
    protected override Task AnswerAsync(IssuerRequest request) => request.DelayAsync(Timeout.InfiniteTimeSpan);
}
