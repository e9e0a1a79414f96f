using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Clients;

/// <summary>A service that holds every request until it is let go, and counts those it holds.</summary>
internal sealed class GatedIssuerClient : IIssuerClient
{
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _milestones = [];
    private readonly Queue<TaskCompletionSource<IssuerAnswer>> _held = new();
    private bool _isOpen;

    /// <summary>The ids asked for, in their order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public int InFlight { get; private set; }

    public int MostInFlight { get; private set; }

    public int Cancelled { get; private set; }

    /// <summary>Whether a request that was cancelled is still held until it is let go.</summary>
    public bool Lingers { get; init; }

    /// <summary>What the service answers to an id.</summary>
    public Func<string, IssuerAnswer> Answer { get; init; } = id => IssuerAnswer.Found([id]);

    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        TaskCompletionSource<IssuerAnswer> gate = Enter(issuerId);
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(() => Cancel(gate, cancellationToken));
            await gate.Task;
            return Answer(issuerId);
        }
        finally
        {
            Update(() => InFlight--);
        }
    }

    /// <summary>Lets the request go that is held for longest, which must be there.</summary>
    public void LetOneGo()
    {
        lock (_lock)
            _held.Dequeue().TrySetResult(default);
    }

    /// <summary>Lets all requests go, now and from now on.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
            while (_held.TryDequeue(out TaskCompletionSource<IssuerAnswer>? gate))
                gate.TrySetResult(default);
        }
    }

    public Task ReachInFlightAsync(int count) => ReachAsync(() => InFlight >= count);

    public Task ReachAskedAsync(int count) => ReachAsync(() => Asked.Count >= count);

    public Task ReachCancelledAsync(int count) => ReachAsync(() => Cancelled >= count);

    private TaskCompletionSource<IssuerAnswer> Enter(string issuerId)
    {
        TaskCompletionSource<IssuerAnswer> gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Update(() =>
        {
            Asked.Enqueue(issuerId);
            InFlight++;
            MostInFlight = Math.Max(MostInFlight, InFlight);
            if (_isOpen)
                gate.SetResult(default);
            else
                _held.Enqueue(gate);
        });
        return gate;
    }

    private void Cancel(TaskCompletionSource<IssuerAnswer> gate, CancellationToken cancellationToken)
    {
        Update(() => Cancelled++);
        if (!Lingers)
            gate.TrySetCanceled(cancellationToken);
    }

    private Task ReachAsync(Func<bool> isReached)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Update(() => _milestones.Add((isReached, reached)));
        return reached.Task.WithFuse();
    }

    private void Update(Action change)
    {
        lock (_lock)
        {
            change();
            foreach ((Func<bool> isReached, TaskCompletionSource reached) in _milestones)
            {
                if (isReached())
                    reached.TrySetResult();
            }
        }
    }
}
