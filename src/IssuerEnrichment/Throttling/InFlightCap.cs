namespace IssuerEnrichment.Throttling;

/// <summary>Learns the service's cap on requests in flight from throttled requests.</summary>
/// <remarks>
/// Under a cap, the number of other requests in flight decides: below the cap all requests are accepted, above it none. Under a rate limit, requests
/// are throttled at numbers in flight at which others were accepted a moment ago. To find out whether the cap has grown, it is raised by one, and by
/// twice as many after each increase that was accepted. The time between increases doubles after each one that was throttled (after the additive
/// increase of D.-M. Chiu and R. Jain, 1989). Times are ticks. Not thread-safe.
/// </remarks>
internal sealed class InFlightCap
{
    private const int None = int.MaxValue;
    private const int MostCounted = 256;

    // The minimum number of accepted requests to conclude anything, and the share of them that may only seem to exceed the cap, because of answers in
    // transit.
    private const int LeastAccepted = 5;
    private const double InTransit = 0.15;

    // Below this, a cap cannot be told from a rate limit, which works as well.
    private const int Least = 4;

    // Seconds of being limited by the cap before it is raised by one. An increase that is throttled costs a quarter of a second.
    private const double LeastRest = 8;

    // A cap that is not certain is raised earlier, by twice as many each time, until a request is throttled.
    private const double DoubtfulRest = 0.5;

    private readonly int[] _acceptedByOthers = new int[MostCounted];
    private double _rest = LeastRest;
    private double _held;
    private long _grownAt;
    private bool _isHeld;
    private int _found;
    private int _step;
    private int _distrust;
    private int _nextDistrust = 1;

    public int Limit { get; private set; } = None;

    public bool IsFree => Limit == None;

    public void HoldBack(int inFlight) => _isHeld |= inFlight >= Limit;

    /// <summary>Counts an accepted request by the number of others in flight.</summary>
    public void RecordAccepted(GatePass pass)
    {
        if (pass.OthersInFlight is { } others)
            _acceptedByOthers[Math.Min(others, MostCounted - 1)]++;
    }

    /// <summary>Returns whether a throttled request was throttled because of the requests in flight.</summary>
    /// <param name="others">The number of other requests in flight, the lowest of several throttled requests; null if they were not counted.</param>
    /// <param name="isSure">Whether answers had arrived in between. Before that, the number may be the capacity of a token bucket.</param>
    /// <param name="now">The current time.</param>
    public bool RecordThrottled(int? others, bool isSure, long now)
    {
        int all = _acceptedByOthers.Sum();
        int beyond = others is { } least ? _acceptedByOthers.Skip(least).Sum() : all;
        Array.Clear(_acceptedByOthers);
        _held = 0;
        _grownAt = now;
        bool isSeldomAccepted = beyond <= InTransit * all;
        if (!IsFree)
            return Lower(others ?? 0, isSeldomAccepted);
        if (others is not >= Least || all < LeastAccepted || !isSeldomAccepted || _distrust-- > 0)
            return false;
        Limit = _found = others.Value;
        _rest = isSure ? LeastRest : DoubtfulRest;
        _step = 1;
        return true;
    }

    // Lowers the cap: the increase, or the cap itself, was too high. If requests are accepted at the same number in flight, there is no cap.
    private bool Lower(int others, bool isSeldomAccepted)
    {
        if (Limit > _found)
        {
            _rest = Math.Max(LeastRest, 2 * _rest);
            _step = 1;
            Limit = _found;
            return true;
        }

        if (isSeldomAccepted && others >= Least - 1 && others >= _found / 2)
        {
            Limit = _found = Math.Min(_found - 1, Math.Max(others, Least - 1));
            return true;
        }

        Limit = None;
        _rest = LeastRest;
        _distrust = _nextDistrust *= 2;
        return false;
    }

    /// <summary>Raises the cap if it has limited requests for long enough. Called for accepted requests.</summary>
    public void Grow(long now)
    {
        if (_isHeld)
            _held += Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds);
        _isHeld = false;
        _grownAt = now;
        if (IsFree || _held < _rest)
            return;
        _held = 0;
        _found = Limit;
        Limit += _step;
        _step *= 2;
    }
}
