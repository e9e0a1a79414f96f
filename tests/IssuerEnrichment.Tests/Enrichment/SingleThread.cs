using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Enrichment;

/// <summary>A synchronization context with one thread, as that of a user interface: whoever blocks it and waits for it never ends.</summary>
internal sealed class SingleThread : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public SingleThread() => new Thread(Run) { IsBackground = true, Name = "the single thread" }.Start();

    public int Posts { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        Posts++;
        _work.Add(() => d(state));
    }

    public Task<T> InvokeAsync<T>(Func<T> call)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(call());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task.WithTimeout();
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        SetSynchronizationContext(this);
        foreach (Action work in _work.GetConsumingEnumerable())
            work();
    }
}
