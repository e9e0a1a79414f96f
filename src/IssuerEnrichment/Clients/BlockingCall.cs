namespace IssuerEnrichment.Clients;

/// <summary>A call to a blocking client that occupies no thread of the thread pool.</summary>
internal sealed class BlockingCall(AskBlocking ask, string issuerId, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<IssuerAnswer> _answer = new();
    private IssuerAnswer _returned;
    private Exception? _thrown;

    /// <summary>The client's answer or exception. Completes with <see cref="Complete"/>.</summary>
    public Task<IssuerAnswer> Answer => _answer.Task;

    /// <summary>Calls the client on this thread and stores the result.</summary>
    public void Call()
    {
        try
        {
            _returned = ask(issuerId, cancellationToken);
        }
        catch (Exception e)
        {
            _thrown = e;
        }
    }

    /// <summary>Completes <see cref="Answer"/>. Its continuations run on this thread.</summary>
    public void Complete()
    {
        if (_thrown is null)
            _answer.SetResult(_returned);
        else
            _answer.SetException(_thrown);
    }

    /// <summary>Calls the client and completes <see cref="Answer"/>, on a new thread.</summary>
    public Task<IssuerAnswer> CallOnNewThread()
    {
        Thread thread = new(CallAndComplete) { IsBackground = true, Name = "IssuerEnrichment call" };
        thread.Start();
        return Answer;
    }

    private void CallAndComplete()
    {
        Call();
        Complete();
    }
}
