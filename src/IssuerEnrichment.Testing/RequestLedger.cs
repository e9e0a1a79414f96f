namespace IssuerEnrichment.Testing;

/// <summary>Counts requests. Thread-safe: a single lock keeps the numbers of a snapshot consistent.</summary>
internal sealed class RequestLedger(TimeProvider time)
{
    // The time in which a busy caller on the same machine may send more requests before it has read the first throttled response.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(150);

    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Dictionary<string, int> _requestsById = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _answersByStatus = [];
    private readonly List<double> _arrivalSeconds = [];
    private int _inFlight;
    private int _maxInFlight;
    private TimeSpan? _firstThrottledAt;
    private int _throttled;
    private int _throttledInFlight;
    private int _throttledInGrace;

    public Arrival Arrive(string id)
    {
        lock (_lock)
        {
            TimeSpan at = time.GetElapsedTime(_startedAt);
            _arrivalSeconds.Add(at.TotalSeconds);
            int attempt = _requestsById[id] = _requestsById.GetValueOrDefault(id) + 1;
            _maxInFlight = Math.Max(_maxInFlight, ++_inFlight);
            return new(_arrivalSeconds.Count, attempt, _inFlight, at);
        }
    }

    /// <summary>Counts a throttled request, at the moment it is answered.</summary>
    public void Throttle(Arrival arrival)
    {
        lock (_lock)
        {
            TimeSpan first = _firstThrottledAt ??= time.GetElapsedTime(_startedAt);
            _throttled++;
            _throttledInFlight += arrival.At <= first ? 1 : 0;
            _throttledInGrace += arrival.At <= first + Grace ? 1 : 0;
        }
    }

    public void Leave(int status)
    {
        lock (_lock)
        {
            _inFlight--;
            _answersByStatus[status] = _answersByStatus.GetValueOrDefault(status) + 1;
        }
    }

    public IssuerServiceStatistics Snapshot()
    {
        lock (_lock)
        {
            return new()
            {
                Requests = _arrivalSeconds.Count,
                InFlight = _inFlight,
                MaxInFlight = _maxInFlight,
                RequestsById = new Dictionary<string, int>(_requestsById, StringComparer.Ordinal),
                AnswersByStatus = new SortedDictionary<int, int>(_answersByStatus),
                ArrivalSeconds = [.. _arrivalSeconds],
                Throttled = _throttled,
                ThrottledInFlight = _throttledInFlight,
                ThrottledInGrace = _throttledInGrace,
            };
        }
    }
}
