namespace IssuerEnrichment.Benchmarks;

/// <summary>Answers from memory, so that what is measured is everything but the service.</summary>
/// <param name="isAsync">Whether it answers on another turn of the thread pool, as a client that waits for a network does, or at once.</param>
internal sealed class InMemoryClient(bool isAsync) : IIssuerClient
{
    private static readonly IssuerAnswer Answer = IssuerAnswer.Found(["US0378331005"]);

    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
        isAsync ? AnswerLaterAsync() : Task.FromResult(Answer);

    private static async Task<IssuerAnswer> AnswerLaterAsync()
    {
        await Task.Yield();
        return Answer;
    }
}
