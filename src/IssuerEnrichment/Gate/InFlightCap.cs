namespace IssuerEnrichment.Gate;

internal sealed class InFlightCap
{
    private const int None = int.MaxValue;
    private const double LeastRest = 8;

    private double _rest = LeastRest;
    private double _held;
    private long _grownAt;
    private bool _isHeld;
    private int _known;
    private int _distrust;
    private int _lowerings;
    private int _nextDistrust = 1;
    private int _mostBeside = -1;

    public int Limit { get; private set; } = None;

    public bool IsFree => Limit == None;

    public void HoldBack(int inFlight) => _isHeld |= inFlight >= Limit;

    /// <summary>A request was accepted beside so many others.</summary>
    public void Accept(GatePass pass)
    {
        if (pass.Beside > _mostBeside)
            _mostBeside = pass.Beside.Value;
    }

    /// <summary>Whether a refusal can be for the requests in flight: never were more accepted beside one another.</summary>
    public bool Refuse(int? leastBeside, bool isExact, in RateBounds bounds, long now)
    {
        int most = _mostBeside;
        _mostBeside = -1;
        _held = 0;
        _grownAt = now;
        if (leastBeside is not { } beside)
            return false;
        if (Limit > _known && Limit != None)
        {
            _rest = Math.Max(LeastRest, 2 * _rest);
            Limit = _known;
            return true;
        }

        if (Limit != None && _lowerings < 1 && beside >= _known / 2 && _known > 1)
        {
            _lowerings++;
            Limit = _known = Math.Max(1, Math.Min(_known - 1, beside));
            return true;
        }

        if (beside == 0)
            _distrust = Math.Max(_distrust, _nextDistrust);
        if (Limit != None)
        {
            Limit = None;
            _rest = LeastRest;
            _distrust = _nextDistrust *= 2;
            return false;
        }

        bool isInexplicable = bounds.High == double.PositiveInfinity && beside >= 0.75 * most;
        if (bounds.High < 1.25 * bounds.Low || beside == 0 || !(beside > most || isInexplicable) || _distrust-- > 0)
            return false;
        _lowerings = 0;
        Limit = _known = beside;
        _rest = isExact ? LeastRest : LeastRest / 16;
        return true;
    }

    public void Grow(long now)
    {
        if (_isHeld)
            _held += Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds);
        _isHeld = false;
        _grownAt = now;
        if (Limit == None || _held < _rest)
            return;
        _held = 0;
        _known = Limit;
        Limit += Math.Max(1, Limit / 8);
    }
}
