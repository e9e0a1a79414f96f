namespace IssuerEnrichment.Policies;

/// <summary>One call of a client, and its token.</summary>
internal sealed class TimedCall(CancellationToken ending) : IDisposable
{
    private const long Never = long.MaxValue;
    private const long Expired = long.MinValue;

    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(ending);
    private CancellationTokenRegistration _link;
    private long _due = Never;

    public CancellationToken Token => _source.Token;

    /// <summary>When its time is up, as a timestamp.</summary>
    public long Due
    {
        get => Interlocked.Read(ref _due);
        set => Interlocked.Exchange(ref _due, value);
    }

    /// <summary>Whether it was cancelled because its time was up.</summary>
    public bool HasExpired => Due == Expired;

    /// <summary>Lets another token end it too.</summary>
    public void Link(CancellationToken token) => _link = token.UnsafeRegister(static call => ((TimedCall)call!).Cancel(), this);

    /// <summary>Stops its time; false where its token is cancelled and of no use to another call.</summary>
    public bool TryStop()
    {
        _link.Dispose();
        _link = default;
        return Interlocked.Exchange(ref _due, Never) != Expired && !_source.IsCancellationRequested;
    }

    /// <summary>Ends it for good where its time is up.</summary>
    public bool TryExpire(long now)
    {
        long due = Due;
        return due != Expired && due <= now && Interlocked.CompareExchange(ref _due, Expired, due) == due;
    }

    /// <summary>Cancels its token.</summary>
    public void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
            // A client's callback threw. There is nobody here to tell, and the call ends all the same.
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself between the end of its time and this.
        }
    }

    public void Dispose() => _source.Dispose();
}
