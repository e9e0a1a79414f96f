using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>Knows which issuers were asked for in one life of a process that is killed, however often: a late request gets a second one beside it.</summary>
internal sealed class RequestWatch : Fault
{
    private readonly Lock _lock = new();
    private HashSet<string> _asked = [];
    private (int Issuers, TaskCompletionSource Reached) _awaited = (int.MaxValue, new());

    /// <summary>Awaits the time when so many issuers have been asked for in this life.</summary>
    public Task ReachAsync(int issuers)
    {
        lock (_lock)
        {
            _awaited = (issuers, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            TellIfReached();
            return _awaited.Reached.Task.WithTimeout();
        }
    }

    /// <summary>Begins another life, and gives the issuers asked for in the last one.</summary>
    public int EndLife()
    {
        lock (_lock)
        {
            int asked = _asked.Count;
            _asked = [];
            return asked;
        }
    }

    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) => request =>
    {
        lock (_lock)
        {
            _asked.Add(request.Id);
            TellIfReached();
        }

        return inner(request);
    };

    private void TellIfReached()
    {
        if (_asked.Count >= _awaited.Issuers)
            _awaited.Reached.TrySetResult();
    }
}
