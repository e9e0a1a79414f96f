using System.Collections.Concurrent;
using System.Diagnostics;

namespace EnrichIssuers.Demo;

/// <summary>The requests of the current run.</summary>
internal sealed class RequestLog
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private long _startedAt;

    /// <summary>The time since the run started.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_startedAt);

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    public void Begin()
    {
        _requests.Clear();
        _startedAt = Stopwatch.GetTimestamp();
    }

    public void Add(RecordedRequest request) => _requests.Enqueue(request);
}
