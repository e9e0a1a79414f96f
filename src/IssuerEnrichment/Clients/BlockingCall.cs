namespace IssuerEnrichment.Clients;

/// <summary>One call of a blocking client, made without holding a thread of the shared pool.</summary>
internal sealed class BlockingCall(IBlockingIssuerClient client, string issuerId, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<IssuerAnswer> _answer = new();
    private IssuerAnswer _returned;
    private Exception? _thrown;

    /// <summary>What the client answers, or throws, once it is told.</summary>
    public Task<IssuerAnswer> Answer => _answer.Task;

    /// <summary>Calls the client on this thread, and keeps what comes of it.</summary>
    public void Make()
    {
        try
        {
            _returned = client.GetIsins(issuerId, cancellationToken);
        }
        catch (Exception e)
        {
            _thrown = e;
        }
    }

    /// <summary>Tells those who wait for the answer, which go on on this thread.</summary>
    public void Tell()
    {
        if (_thrown is null)
            _answer.SetResult(_returned);
        else
            _answer.SetException(_thrown);
    }

    /// <summary>Calls the client, and tells the answer, on a thread started for that.</summary>
    public Task<IssuerAnswer> MakeOnThreadOfItsOwn()
    {
        Thread thread = new(MakeAndTell) { IsBackground = true, Name = "IssuerEnrichment call" };
        thread.Start();
        return Answer;
    }

    private void MakeAndTell()
    {
        Make();
        Tell();
    }
}
