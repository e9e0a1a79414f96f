namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Answers nobody before as many lookups are in flight as there may be, and tells whether there were ever more.</summary>
internal sealed class MeetingClient(int expected) : IIssuerClient
{
    private static readonly TimeSpan Fuse = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight;

    /// <summary>The most that were in flight.</summary>
    public int Most { get; private set; }

    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Most = Math.Max(Most, ++_inFlight);
            if (Most >= expected)
                _met.TrySetResult();
        }

        // No exception, which would be retried: who is alone goes on, and Most tells.
        if (await Task.WhenAny(_met.Task, Task.Delay(Fuse, cancellationToken)) != _met.Task)
            _met.TrySetResult();
        await Task.Yield();
        lock (_lock)
            _inFlight--;
        return IssuerAnswer.Found(["US0378331005"]);
    }
}
