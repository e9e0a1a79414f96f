namespace IssuerEnrichment.Policies;

/// <summary>Makes calls of blocking clients without holding a thread of the shared pool.</summary>
internal static class BlockingCall
{
    public static Task<IssuerAnswer> OnThreadOfItsOwn(IBlockingIssuerClient client, string issuerId, CancellationToken cancellationToken)
    {
        TaskCompletionSource<IssuerAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Make(client, issuerId, answer, cancellationToken)) { IsBackground = true, Name = "IssuerEnrichment call" };
        thread.Start();
        return answer.Task;
    }

    public static void Make(
        IBlockingIssuerClient client, string issuerId, TaskCompletionSource<IssuerAnswer> answer, CancellationToken cancellationToken)
    {
        try
        {
            answer.SetResult(client.GetIsins(issuerId, cancellationToken));
        }
        catch (Exception e)
        {
            answer.SetException(e);
        }
    }
}
