namespace IssuerEnrichment.Tests.Gate.Gauntlet;

/// <summary>How a simulated service limits its clients. Times are seconds.</summary>
internal abstract class Limiter
{
    /// <summary>The requests that it accepts in a second, in the long run.</summary>
    public abstract double PerSecond { get; }

    /// <summary>The requests that it accepts beyond its rate, after a rest.</summary>
    public abstract int Burst { get; }

    /// <summary>The length of the window that it counts in, as headers tell it.</summary>
    public virtual double Window => 1;

    /// <summary>Decides a request.</summary>
    public abstract Decision Ask(double now);

    /// <summary>A request that was accepted has been answered.</summary>
    public virtual void End()
    {
    }

    /// <summary>What it decided.</summary>
    /// <param name="IsAccepted">Whether it accepts the request.</param>
    /// <param name="Remaining">How many more it would accept now.</param>
    /// <param name="Reset">The time until there is more.</param>
    internal readonly record struct Decision(bool IsAccepted, int Remaining, double Reset);
}

/// <summary>A token bucket, counted as the generic cell rate algorithm (ITU-T I.371). A burst of one demands strict spacing.</summary>
internal sealed class Bucket(double perSecond, int burst) : Limiter
{
    private double _fullAt;

    public override double PerSecond => perSecond;

    public override int Burst => burst;

    public override double Window => burst / perSecond > 1 ? Math.Ceiling(burst / perSecond) : 1;

    public override Decision Ask(double now)
    {
        double missing = Math.Max(0, _fullAt - now);
        double wait = missing - ((burst - 1) / perSecond);
        if (wait > 1e-9)
            return new(false, 0, wait);
        missing += 1 / perSecond;
        _fullAt = now + missing;
        return new(true, burst - (int)Math.Ceiling((missing * perSecond) - 1e-9), missing);
    }
}

/// <summary>At most so many in any second.</summary>
internal sealed class SlidingLog(int limit) : Limiter
{
    private readonly Queue<double> _accepted = new();

    public override double PerSecond => limit;

    public override int Burst => 0;

    public override Decision Ask(double now)
    {
        while (_accepted.TryPeek(out double oldest) && oldest <= now - 1)
            _accepted.Dequeue();
        bool isAccepted = _accepted.Count < limit;
        if (isAccepted)
            _accepted.Enqueue(now);
        return new(isAccepted, limit - _accepted.Count, _accepted.Peek() + 1 - now);
    }
}

/// <summary>At most so many in each second of the service's clock.</summary>
internal sealed class FixedWindow(int limit, double phase = 0.4) : Limiter
{
    private long _window = -1;
    private int _left;

    public override double PerSecond => limit;

    public override int Burst => 0;

    public override Decision Ask(double now)
    {
        long window = (long)Math.Floor(now + phase);
        if (window > _window)
            (_window, _left) = (window, limit);
        bool isAccepted = _left > 0;
        _left -= isAccepted ? 1 : 0;
        return new(isAccepted, _left, window + 1 - (now + phase));
    }
}

/// <summary>At most so many in flight.</summary>
internal sealed class InFlightCap(int most, double latency) : Limiter
{
    private int _inFlight;

    public override double PerSecond => most / latency;

    public override int Burst => 0;

    public override Decision Ask(double now)
    {
        bool isAccepted = _inFlight < most;
        _inFlight += isAccepted ? 1 : 0;
        return new(isAccepted, most - _inFlight, 0);
    }

    public override void End() => _inFlight--;
}
