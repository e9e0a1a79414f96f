using System.Globalization;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>One request to a simulated service; times count from the start of the simulation.</summary>
internal sealed record SimulatedRequest(TimeSpan At, TimeSpan AnsweredAt, int Status);

/// <summary>A service in virtual time that fails every thirtieth issuer once, grants less than usual for a while, and is down for another.</summary>
internal sealed class SimulatedService(EventClock clock) : IIssuerClient
{
    public const double UsualRate = 10;
    public const double ScarceRate = 1;

    private const double Burst = 5;

    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(20);
    public static readonly Phase Scarcity = new(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(25));
    public static readonly Phase Outage = new(TimeSpan.FromMinutes(35), TimeSpan.FromMinutes(43));

    private static readonly TimeSpan Refusal = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly List<SimulatedRequest> _requests = [];
    private readonly HashSet<string> _failedOnce = [];
    private double _tokens = Burst;
    private TimeSpan _filledAt;

    /// <summary>All requests that were answered, in the order in which they came.</summary>
    public IReadOnlyList<SimulatedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests.OrderBy(request => request.At)];
        }
    }

    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        int number = int.Parse(issuerId, CultureInfo.InvariantCulture);
        TimeSpan at = clock.Now;
        int status = Judge(issuerId, number, at);
        TimeSpan latency = status == 200 ? TimeSpan.FromMilliseconds(500 + (number * 7919 % 2000)) : Refusal;
        await Task.Delay(latency, clock, cancellationToken);
        lock (_lock)
            _requests.Add(new SimulatedRequest(at, clock.Now, status));

        return status switch
        {
            200 => IssuerAnswer.Found([issuerId]),
            429 => throw ServiceFailure.Throttled(RetryAfter),
            _ => throw ServiceFailure.Transient(),
        };
    }

    private int Judge(string issuerId, int number, TimeSpan at)
    {
        lock (_lock)
        {
            if (Outage.Contains(at))
                return 500;
            _tokens = Math.Min(Burst, _tokens + ((Scarcity.Contains(at) ? ScarceRate : UsualRate) * (at - _filledAt).TotalSeconds));
            _filledAt = at;
            if (_tokens < 1)
                return 429;
            _tokens--;
            return number % 30 == 0 && _failedOnce.Add(issuerId) ? 500 : 200;
        }
    }

    /// <summary>A part of the simulated time, without its end.</summary>
    internal sealed record Phase(TimeSpan From, TimeSpan To)
    {
        public bool Contains(TimeSpan time) => time >= From && time < To;
    }
}
