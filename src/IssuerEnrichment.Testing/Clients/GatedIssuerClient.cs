namespace IssuerEnrichment.Testing;

/// <summary>A test client that holds every request until the test releases it, and counts requests. Use it to test what happens in between.</summary>
/// <remarks>
/// A test awaits a state, for example with <see cref="ReachInFlightAsync"/>, then asserts or acts, and finally calls <see cref="Open"/>. It never
/// sleeps. If a state is not reached within <see cref="Patience"/>, a <see cref="TimeoutException"/> says how far the run got, so the test fails
/// instead of hanging. Thread-safe.
/// </remarks>
public sealed class GatedIssuerClient : IIssuerClient
{
    private readonly Lock _lock = new();
    private readonly IIssuerClient _answers;
    private readonly List<string> _asked = [];
    private readonly Queue<TaskCompletionSource> _held = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _awaited = [];
    private bool _isOpen;
    private int _inFlight;
    private int _mostInFlight;
    private int _cancelled;

    /// <summary>Creates a client that answers for every issuer with the issuer's id as its only ISIN.</summary>
    public GatedIssuerClient()
        : this(new ScriptedIssuerClient(id => IssuerAnswer.Found([id])))
    {
    }

    /// <summary>Creates a client that answers as another client does.</summary>
    /// <param name="answers">Called for each request that is released.</param>
    public GatedIssuerClient(IIssuerClient answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        _answers = answers;
    }

    /// <summary>Whether a cancelled request stays in flight until it is released, as with a client that ignores cancellation.</summary>
    /// <value>Default: <see langword="false"/>; it ends at once.</value>
    public bool Lingers { get; init; }

    /// <summary>How long to await a state, on the system clock.</summary>
    /// <value>Default: 10 s.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The ids requested so far, in order.</summary>
    public IReadOnlyList<string> Asked => Read(() => _asked.ToArray());

    /// <summary>The number of requests in flight.</summary>
    public int InFlight => Read(() => _inFlight);

    /// <summary>The maximum number of concurrent requests so far.</summary>
    public int MostInFlight => Read(() => _mostInFlight);

    /// <summary>The number of requests that were cancelled while they were held.</summary>
    public int Cancelled => Read(() => _cancelled);

    /// <inheritdoc/>
    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Update(() => Enter(issuerId, gate));
        try
        {
            using (cancellationToken.UnsafeRegister((_, token) => Cancel(gate, token), null))
                await gate.Task.ConfigureAwait(false);
            return await _answers.GetIsinsAsync(issuerId, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Update(() => _inFlight--);
        }
    }

    /// <summary>Releases the request that has been held for longest.</summary>
    /// <exception cref="InvalidOperationException">No request is held.</exception>
    public void LetOneGo() => Update(() =>
    {
        bool isGone = false;
        while (!isGone && _held.TryDequeue(out TaskCompletionSource? gate))
            isGone = gate.TrySetResult();
        if (!isGone)
            throw new InvalidOperationException("No request is held.");
    });

    /// <summary>Releases all requests, including future ones.</summary>
    public void Open() => Update(() =>
    {
        _isOpen = true;
        while (_held.TryDequeue(out TaskCompletionSource? gate))
            gate.TrySetResult();
    });

    /// <summary>Waits until at least a number of requests are in flight.</summary>
    /// <param name="count">The number of requests.</param>
    /// <exception cref="TimeoutException">The state was not reached within <see cref="Patience"/>.</exception>
    public Task ReachInFlightAsync(int count) => ReachAsync(() => _inFlight >= count, $"{count} requests in flight");

    /// <summary>Waits until at least a number of requests have been made.</summary>
    /// <param name="count">The number of requests.</param>
    /// <exception cref="TimeoutException">The state was not reached within <see cref="Patience"/>.</exception>
    public Task ReachAskedAsync(int count) => ReachAsync(() => _asked.Count >= count, $"{count} requests");

    /// <summary>Waits until at least a number of requests have been cancelled while they were held.</summary>
    /// <param name="count">The number of requests.</param>
    /// <exception cref="TimeoutException">The state was not reached within <see cref="Patience"/>.</exception>
    public Task ReachCancelledAsync(int count) => ReachAsync(() => _cancelled >= count, $"{count} cancelled requests");

    private void Enter(string issuerId, TaskCompletionSource gate)
    {
        _asked.Add(issuerId);
        _inFlight++;
        _mostInFlight = Math.Max(_mostInFlight, _inFlight);
        if (_isOpen)
            gate.SetResult();
        else
            _held.Enqueue(gate);
    }

    private void Cancel(TaskCompletionSource gate, CancellationToken cancellationToken) => Update(() =>
    {
        if (gate.Task.IsCompleted)
            return;
        _cancelled++;
        if (!Lingers)
            gate.TrySetCanceled(cancellationToken);
    });

    private async Task ReachAsync(Func<bool> isReached, string state)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Update(() => _awaited.Add((isReached, reached)));
        try
        {
            await reached.Task.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"Awaited {state} for {Patience.TotalSeconds:0.###} s. There were {Asked.Count} requests, {MostInFlight} of them at a time, and {Cancelled} cancelled.");
        }
    }

    private T Read<T>(Func<T> value)
    {
        lock (_lock)
            return value();
    }

    private void Update(Action change)
    {
        lock (_lock)
        {
            change();
            foreach ((_, TaskCompletionSource reached) in _awaited.Where(awaited => awaited.IsReached()))
                reached.TrySetResult();
            _awaited.RemoveAll(awaited => awaited.Reached.Task.IsCompleted);
        }
    }
}
