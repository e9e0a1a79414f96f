namespace IssuerEnrichment.Throttling;

/// <summary>The requests in flight that a service takes at once, found from its refusals.</summary>
/// <remarks>
/// Under a cap it is the number in flight beside a request that decides: below it all are accepted, above it none. Under a rate requests are refused
/// beside no more than were accepted a moment ago. A cap is raised by one now and then, by twice as many after each try that was
/// accepted, at rests that double with each one that was refused (after the additive increase of D.-M. Chiu and R. Jain, 1989). Times are ticks. Not thread-safe.
/// </remarks>
internal sealed class InFlightCap
{
    private const int None = int.MaxValue;
    private const int MostCounted = 256;

    // Below so many accepted requests nothing follows; of those accepted beside as many as were refused, so many are answers still on their way.
    private const int LeastAccepted = 5;
    private const double InTransit = 0.15;

    // Below this a cap cannot be told from a rate, which does as well.
    private const int Least = 4;

    // Seconds of being held back by it, before one more is tried. A try that is refused costs a quarter of a second.
    private const double LeastRest = 8;

    // What may be no cap at all is tried with twice as many more each time, until one is refused.
    private const double DoubtfulRest = 0.5;

    private readonly int[] _acceptedBeside = new int[MostCounted];
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

    /// <summary>A request was accepted beside so many others.</summary>
    public void Accept(GatePass pass)
    {
        if (pass.Beside is { } beside)
            _acceptedBeside[Math.Min(beside, MostCounted - 1)]++;
    }

    /// <summary>Whether a refusal beside so many others, which were the fewest, is for the requests in flight.</summary>
    /// <param name="beside">How many; null where nobody counted.</param>
    /// <param name="isSure">Whether answers had come in between. Before, as many may be what a bucket held.</param>
    /// <param name="now">The time.</param>
    public bool Refuse(int? beside, bool isSure, long now)
    {
        int all = _acceptedBeside.Sum();
        int beyond = beside is { } least ? _acceptedBeside.Skip(least).Sum() : all;
        Array.Clear(_acceptedBeside);
        _held = 0;
        _grownAt = now;
        bool isSeldomAccepted = beyond <= InTransit * all;
        if (!IsFree)
            return Lower(beside ?? 0, isSeldomAccepted);
        if (beside is not >= Least || all < LeastAccepted || !isSeldomAccepted || _distrust-- > 0)
            return false;
        Limit = _found = beside.Value;
        _rest = isSure ? LeastRest : DoubtfulRest;
        _step = 1;
        return true;
    }

    // One more was too many, or the number that was found; if it was refused beside as many as are accepted, that is not the doing of a cap.
    private bool Lower(int beside, bool isSeldomAccepted)
    {
        if (Limit > _found)
        {
            _rest = Math.Max(LeastRest, 2 * _rest);
            _step = 1;
            Limit = _found;
            return true;
        }

        if (isSeldomAccepted && beside >= Least - 1 && beside >= _found / 2)
        {
            Limit = _found = Math.Min(_found - 1, Math.Max(beside, Least - 1));
            return true;
        }

        Limit = None;
        _rest = LeastRest;
        _distrust = _nextDistrust *= 2;
        return false;
    }

    /// <summary>A request was accepted: tries one more when it was held back for long enough.</summary>
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
