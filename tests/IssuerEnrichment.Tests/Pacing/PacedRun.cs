using System.Threading.RateLimiting;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Pacing;

/// <summary>A request of a simulated run: when it asks, for how much, and when it loses patience.</summary>
internal sealed record PacedRequest(TimeSpan Arrival, int Permits, TimeSpan GivesUp);

/// <summary>When a request of a simulated run started.</summary>
internal sealed record PacedStart(PacedRequest Request, TimeSpan At);

/// <summary>Plays requests against a limiter in virtual time, from event to event, with its timers as late as told.</summary>
internal sealed class PacedRun : IDisposable
{
    private const int MaxSteps = 100_000;

    private readonly TimerWatch _clock = new();
    private readonly PacingRateLimiter _limiter;
    private readonly Queue<PacedRequest> _coming;
    private readonly List<Waiting> _waiting = [];
    private readonly List<PacedStart> _starts = [];

    private PacedRun(RateLimit limit, IEnumerable<PacedRequest> requests)
    {
        _limiter = new PacingRateLimiter(limit, _clock);
        _coming = new Queue<PacedRequest>(requests);
    }

    public static IReadOnlyList<PacedStart> Play(RateLimit limit, IEnumerable<PacedRequest> requests, Func<TimeSpan> lateness)
    {
        using PacedRun run = new(limit, requests);
        for (int step = 0; run._coming.Count > 0 || run._waiting.Count > 0; step++)
        {
            if (step == MaxSteps)
                throw new TimeoutException("The limiter starts nothing any more.");
            run.Step(lateness());
        }

        return run._starts;
    }

    public void Dispose() => _limiter.Dispose();

    private void Step(TimeSpan lateness)
    {
        TimeSpan timer = _waiting.Count > 0 ? _clock.Due + lateness : TimeSpan.MaxValue;
        TimeSpan arrival = _coming.TryPeek(out PacedRequest? next) ? next.Arrival : TimeSpan.MaxValue;
        TimeSpan cancellation = _waiting.Select(one => one.Request.GivesUp).Append(TimeSpan.MaxValue).Min();
        _clock.AdvanceTo(new[] { timer, arrival, cancellation }.Min());
        TakeStarts();

        foreach (Waiting one in _waiting.Where(one => one.Request.GivesUp <= _clock.Now))
            one.Patience.Cancel();
        _waiting.RemoveAll(one => one.Lease.IsCanceled);
        TakeStarts();

        while (_coming.TryPeek(out next) && next.Arrival <= _clock.Now)
        {
            CancellationTokenSource patience = new();
            _waiting.Add(new Waiting(_coming.Dequeue(), _limiter.AcquireAsync(next.Permits, patience.Token).AsTask(), patience));
            TakeStarts();
        }
    }

    private void TakeStarts()
    {
        int started = _waiting.FindIndex(one => !one.Lease.IsCompleted);
        started = started < 0 ? _waiting.Count : started;
        _starts.AddRange(_waiting.Take(started).Select(one => new PacedStart(one.Request, _clock.Now)));
        _waiting.RemoveRange(0, started);
        if (_waiting.Exists(one => one.Lease.IsCompletedSuccessfully))
            throw new InvalidOperationException("A request started before one that waited longer.");
    }

    private sealed record Waiting(PacedRequest Request, Task<RateLimitLease> Lease, CancellationTokenSource Patience);
}
