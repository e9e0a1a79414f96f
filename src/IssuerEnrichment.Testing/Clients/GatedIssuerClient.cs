namespace IssuerEnrichment.Testing;

/// <summary>A service that holds every request until a test lets it go, and counts what it holds: for tests of what happens in between.</summary>
/// <remarks>
/// A test awaits a state, such as <see cref="ReachInFlightAsync"/>, then looks or acts, and at last calls <see cref="Open"/>. It never sleeps. A state that does
/// not come within <see cref="Patience"/> is a <see cref="TimeoutException"/> that says how far it got, so a test that would hang fails instead.
/// Thread-safe.
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

    /// <summary>Creates a service that answers every issuer with its id as its one ISIN.</summary>
    public GatedIssuerClient()
        : this(new ScriptedIssuerClient(id => IssuerAnswer.Found([id])))
    {
    }

    /// <summary>Creates a service that answers as another one does.</summary>
    /// <param name="answers">Asked for each request that is let go.</param>
    public GatedIssuerClient(IIssuerClient answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        _answers = answers;
    }

    /// <summary>Whether a request that is cancelled stays until it is let go, as those of a client that heeds no cancellation do.</summary>
    /// <value>The default is <see langword="false"/>: it ends at once.</value>
    public bool Lingers { get; init; }

    /// <summary>How long to await a state, on the system's clock.</summary>
    /// <value>The default is 10 s.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The ids asked for so far, in their order.</summary>
    public IReadOnlyList<string> Asked => Read(() => _asked.ToArray());

    /// <summary>Requests under way now.</summary>
    public int InFlight => Read(() => _inFlight);

    /// <summary>The most requests that were ever under way at a time.</summary>
    public int MostInFlight => Read(() => _mostInFlight);

    /// <summary>Requests that were cancelled while they were held.</summary>
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

    /// <summary>Lets the request go that has been held for longest.</summary>
    /// <exception cref="InvalidOperationException">None is held.</exception>
    public void LetOneGo() => Update(() =>
    {
        bool isGone = false;
        while (!isGone && _held.TryDequeue(out TaskCompletionSource? gate))
            isGone = gate.TrySetResult();
        if (!isGone)
            throw new InvalidOperationException("No request is held that could be let go.");
    });

    /// <summary>Lets all requests go, now and from now on.</summary>
    public void Open() => Update(() =>
    {
        _isOpen = true;
        while (_held.TryDequeue(out TaskCompletionSource? gate))
            gate.TrySetResult();
    });

    /// <summary>Awaits the time when at least so many requests are under way.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="TimeoutException">They were not, within <see cref="Patience"/>.</exception>
    public Task ReachInFlightAsync(int count) => ReachAsync(() => _inFlight >= count, $"{count} requests in flight");

    /// <summary>Awaits the time when at least so many requests have been made.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="TimeoutException">They were not, within <see cref="Patience"/>.</exception>
    public Task ReachAskedAsync(int count) => ReachAsync(() => _asked.Count >= count, $"{count} requests");

    /// <summary>Awaits the time when at least so many requests have been cancelled while they were held.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="TimeoutException">They were not, within <see cref="Patience"/>.</exception>
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
