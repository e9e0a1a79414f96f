namespace IssuerEnrichment.Testing;

/// <summary>Counts requests in and out. Thread-safe: one lock, so that the numbers of a snapshot agree with each other.</summary>
internal sealed class RequestLedger(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Dictionary<string, int> _requestsById = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _answersByStatus = [];
    private readonly List<double> _arrivalSeconds = [];
    private int _inFlight;
    private int _maxInFlight;

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
            };
        }
    }
}
