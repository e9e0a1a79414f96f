using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Batching;

/// <summary>
/// Collects the lookups of one run into batches. A batch is ready when it is full, when its first member has waited long enough, or when no other
/// lookup can join it. A ready batch is sent as soon as a slot for a request is free.
/// </summary>
/// <remarks>
/// Batches keep filling while they wait for a slot, so lookups that resume after throttling or an outage are sent in full batches. The same applies
/// while slots are taken by requests for single issuers, which have priority. Thread-safe.
/// </remarks>
internal sealed class LookupBatcher : IBatchQueue, IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<BatchMember> _gathered = new();
    private readonly Func<long> _mostInFlight;
    private readonly BatchSender _sender;
    private readonly SourceEnvironment _environment;
    private readonly ITimer _timer;
    private readonly RequestPlaces _places;
    private BatchMember? _timed;

    // Lookups that wait here, for a request or for its response. If these are all of the run's, no other can join before one of them has ended.
    private int _inside;

    /// <param name="mostInFlight">Returns the maximum number of the run's lookups that can be in flight soon.</param>
    /// <param name="maxConcurrency">The maximum number of concurrent requests.</param>
    /// <param name="sender">Sends the batches.</param>
    /// <param name="environment">Provides the clock and random numbers.</param>
    public LookupBatcher(Func<long> mostInFlight, int maxConcurrency, BatchSender sender, SourceEnvironment environment)
    {
        _mostInFlight = mostInFlight;
        _places = new RequestPlaces(maxConcurrency);
        _sender = sender;
        _environment = environment;
        _timer = environment.TimeProvider.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeProvider Time => _environment.TimeProvider;

    /// <inheritdoc />
    public int LimitFor(RequestContext lookup) => lookup.IsProber || lookup.IsCanary ? 1 : (int)Math.Clamp(_mostInFlight(), 1, _sender.Policy.LimitFor(lookup));

    /// <inheritdoc />
    public Task<IssuerAnswer> AskAsync(RequestContext lookup, CancellationToken cancellationToken)
    {
        BatchMember member = new(lookup);
        lock (_lock)
        {
            _inside++;
            _gathered.AddLast(member.Node);
            member.Cancellation = cancellationToken.UnsafeRegister((_, token) => Leave(member, token), null);
            SendDue();
        }

        return member.Task;
    }

    /// <inheritdoc />
    public async ValueTask EnterPlaceAsync(RequestContext lookup, CancellationToken cancellationToken)
    {
        long since = Time.GetTimestamp();
        LinkedListNode<TaskCompletionSource>? wait;
        lock (_lock)
            wait = _places.Enter();
        if (wait is null)
            return;
        using CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister((_, token) => Leave(wait, token), null);
        await wait.Value.Task.ConfigureAwait(false);
        lookup.Account.AddQueued(Time.GetElapsedTime(since));
    }

    /// <inheritdoc />
    public void LeavePlace()
    {
        lock (_lock)
        {
            _places.Leave();
            SendDue();
        }
    }

    /// <summary>Checks again whether other lookups can join, because the run may have fewer in flight than before.</summary>
    public void Reconsider()
    {
        lock (_lock)
            SendDue();
    }

    /// <summary>Creates a request for the members that still wait; null if none does.</summary>
    public BatchRequest? Begin(ArraySegment<BatchMember> members)
    {
        lock (_lock)
        {
            BatchMember[] present = [.. members.Where(member => !member.Task.IsCompleted)];
            foreach (BatchMember member in present)
                EndWait(member);
            return present.Length == 0 ? null : new BatchRequest(present, _environment.Random());
        }
    }

    /// <summary>Marks the request as sent. Returns its ids.</summary>
    public string[] Send(BatchRequest request)
    {
        lock (_lock)
            return request.Send(Time.GetTimestamp());
    }

    /// <summary>Completes the members of a request, each with the answer at its position.</summary>
    public void Answer(BatchRequest request, IssuerAnswer[] answers)
    {
        lock (_lock)
        {
            request.End();
            for (int i = 0; i < answers.Length; i++)
            {
                BatchMember member = request.Members[i];
                if (!TryRelease(member))
                    continue;
                member.Lookup.Batch!.Request = null;
                if (answers[i].IsMissing && !_sender.LeavesOpen)
                    member.SetException(Missing());
                else
                    member.SetResult(answers[i]);
            }
        }
    }

    /// <summary>Fails all members of a request.</summary>
    public void Fail(BatchRequest request, Exception error)
    {
        lock (_lock)
        {
            request.End();
            foreach (BatchMember member in request.Members)
            {
                if (TryRelease(member))
                    member.SetException(error);
            }
        }
    }

    /// <summary>Returns the members of a failed request to the queue, to be sent in smaller batches.</summary>
    public void Requeue(BatchRequest request)
    {
        lock (_lock)
        {
            request.End();
            foreach (BatchMember member in request.Members)
                member.Since = Time.GetTimestamp();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_lock)
        {
            _timed = null;
            SendDue();
        }
    }

    private void SendDue()
    {
        while (_places.IsAnyFree && _gathered.First?.Value is { } first)
        {
            TimeSpan wait = _sender.Policy.MaxWait - Time.GetElapsedTime(first.Since);
            if (wait > TimeSpan.Zero && _gathered.Count < LimitFor(first.Lookup) && _inside < _mostInFlight() && !_gathered.Any(IsProber))
            {
                SetTimer(first, wait);
                break;
            }

            _places.Enter();
            BatchMember[] batch = Take();

            // It does not throw, and ends with its members, which the run waits for.
            _ = Task.Run(() => SendAsync(batch));
        }
    }

    // While the service is down, the probe is sent alone.
    private static bool IsProber(BatchMember member) => member.Lookup.IsProber;

    // Rounded up, because timers truncate to milliseconds and this one would fire early.
    private void SetTimer(BatchMember first, TimeSpan wait)
    {
        if (_timed == first)
            return;
        _timed = first;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private BatchMember[] Take()
    {
        List<BatchMember> batch = [];
        int limit = int.MaxValue;
        while (_gathered.First?.Value is { } next && (limit = Math.Min(limit, LimitFor(next.Lookup))) > batch.Count)
        {
            _gathered.RemoveFirst();
            batch.Add(next);
        }

        return [.. batch];
    }

    private async Task SendAsync(BatchMember[] batch)
    {
        await _sender.SendAsync(batch, this).ConfigureAwait(false);
        LeavePlace();
    }

    private void Leave(LinkedListNode<TaskCompletionSource> wait, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_places.TryGiveUp(wait))
                wait.Value.SetCanceled(cancellationToken);
        }
    }

    private void Leave(BatchMember member, CancellationToken cancellationToken)
    {
        BatchRequest? abandoned = null;
        lock (_lock)
        {
            if (member.Task.IsCompleted)
                return;
            bool isGathered = member.Node.List is not null;
            if (isGathered)
                _gathered.Remove(member.Node);
            if (isGathered || member.Request is not { IsUnderWay: true } request)
                EndWait(member);
            else if (member.Lookup.Lifetime.IsEnding || !request.TryLeave())
                abandoned = request;

            // The last member waits for the request to end, and so do all members when the run ends, so that nothing is left running.
            if (abandoned is null && TryRelease(member))
                member.SetCanceled(cancellationToken);
        }

        abandoned?.Abandon();
    }

    private void EndWait(BatchMember member) => member.Lookup.Account.AddQueued(Time.GetElapsedTime(member.Since));

    // Unregister instead of Dispose, which would wait for a callback that waits for the batcher's lock.
    private bool TryRelease(BatchMember member)
    {
        if (member.Task.IsCompleted)
            return false;
        member.Cancellation.Unregister();
        _inside--;
        return true;
    }

    private static IssuerServiceException Missing() => new(
        EnrichmentErrorKind.UnexpectedAnswer, "The service answered for other issuers of the batch, but not for this one.", isTransient: false);
}
