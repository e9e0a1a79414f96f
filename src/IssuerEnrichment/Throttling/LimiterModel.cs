using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>What is known of a service's limiter, and what may therefore be sent. Not thread-safe, but for <see cref="CountGood"/> and <see cref="Good"/>.</summary>
/// <param name="told">The requests a second that the user told; null where nothing was.</param>
/// <param name="leastWait">The least wait after a throttled request while no rate is known.</param>
internal sealed class LimiterModel(double? told, TimeSpan leastWait)
{
    /// <summary>So many requests of a process are slow to leave it, for code is compiled and connections are made.</summary>
    public const int Cold = 2;

    // While nothing is limited only every so many-th good answer is looked at.
    private const int SampleSize = 64;

    // Of a request that nobody counted only the time of its answer is known; while code is compiled and connections are made, answers wait to be read.
    private const long Blur = 100 * TimeSpan.TicksPerMillisecond;

    // Of what is answered between two throttled requests a part was under way when the first of them came; in a shorter time, most of it.
    private const double SustainedShare = 0.7;
    private const long LeastSustained = 250 * TimeSpan.TicksPerMillisecond;

    // A service that refuses less than so much of the rate that it states has another limit as well.
    private const double StatedShare = 1.02;

    private readonly LimiterEvidence _evidence = new();
    private readonly RateSearch _found = new();
    private readonly ToldRate? _told = told is { } rate ? new ToldRate(rate) : null;
    private readonly OverloadEvidence _overloads = new();
    private readonly Spacing _spacing = new();
    private long _good;
    private long _counted;
    private long _grownAt;
    private long _openedAt;
    private long? _throttledAt;
    private long _goodWhenThrottled;
    private bool _isHeld;
    private bool _isTimed;
    private bool _isFirst = told is null;
    private ThrottledOpening? _refused;
    private TimeSpan? _asked;

    public InFlightCap Cap { get; } = new();

    public QuotaHint Quota { get; } = new();

    /// <summary>Good answers so far.</summary>
    public long Good => Interlocked.Read(ref _good);

    /// <summary>Requests a second that the gate spaces to; null where it does not.</summary>
    public double? PerSecond => _told is { } known ? known.PerSecond : _found.PerSecond;

    /// <summary>Whether nothing limits requests.</summary>
    public bool IsFree => PerSecond is null && Cap.IsFree;

    /// <summary>Whether it is known how many requests the service takes.</summary>
    public bool IsKnown => _told is not null || !IsFree;

    /// <summary>How many may be in flight: until all answers are here that tell what a refusal means, no more than were beside it.</summary>
    public int MostInFlight => WaitsForAnswers ? 1
        : _refused is { HasBegun: true, Beside: { } beside } ? Math.Max(1, Math.Min(beside, Cap.Limit)) : Cap.Limit;

    // What a throttled request will cost.
    private TimeSpan Price => _asked ?? LeastWait;

    private bool WaitsForAnswers => IsStrict && !_found.IsBeyond && _spacing.PaysToWait(PerSecond!.Value, _told?.IsNarrow ?? true, Price);

    private bool IsNarrow => _told is { } known ? known.IsAtMost : _found.IsNarrow;

    private bool IsStrict => PerSecond is not null && (_told is not null || _found.IsNarrow);

    // An answer tells that its request has arrived, so a told rate needs no margin for the times on the way. One that was found may be a little too high.
    private double? Pace => _told is { } known && WaitsForAnswers ? known.Exact : PerSecond;

    /// <summary>When the next request may go.</summary>
    public long NextSlot => _spacing.Next(Pace);

    /// <summary>Counts a good answer; true where it is to be looked at. Thread-safe.</summary>
    public bool CountGood() => Interlocked.Increment(ref _good) % SampleSize == 1;

    /// <summary>It is the rate that holds requests back; time in which something else does tells nothing.</summary>
    public void HoldBack() => _isHeld = true;

    /// <summary>Whether each request keeps its distance to the one before, however late that was.</summary>
    public bool KeepsDistance => PerSecond is { } rate && (IsNarrow || Spacing.IsStrict(rate));

    /// <summary>How long to wait after a throttled request, at least.</summary>
    public TimeSpan LeastWait => PerSecond is { } rate && _spacing.Pause(rate) is var pause && pause < leastWait.Ticks ? new TimeSpan(pause) : leastWait;

    public void Take(long now) => _spacing.Take(Pace, IsNarrow, now);

    /// <summary>A request leaves, from which the next one keeps its distance.</summary>
    public void Restart(long now) => _spacing.Restart(now);

    /// <summary>A request was accepted.</summary>
    public void Accept(GatePass pass, bool isCurrent, long now)
    {
        int count = (int)(Good - _counted);
        _counted += count;
        if (pass.SentAt is { } sentAt && !_isTimed)
        {
            _isTimed = true;
            _evidence.ShiftAccepted(now - sentAt);
        }

        if (pass.SentAt is { } at)
            _spacing.Answer(now - at, WaitsForAnswers ? Pace : null, now);
        if (count > 0)
            _evidence.Accept(pass.SentAt ?? now, count, BlurOf(pass));
        Cap.Accept(pass);
        if (isCurrent)
            Grow(now);
    }

    /// <summary>A request was refused, and the gate is closed for some time.</summary>
    public void Refuse(GatePass pass, TimeSpan wait, bool isAsked, long now)
    {
        _refused ??= new ThrottledOpening(_openedAt, PerSecond, wait, Sustained(now), now - _openedAt > _spacing.Shortest);
        _asked = isAsked ? wait : null;
        _refused.Wait = wait;
        _refused.RefusedSince = Math.Min(_refused.RefusedSince, pass.SentAt ?? now);
        if (pass.Beside < (_refused.Beside ?? int.MaxValue))
            _refused.Beside = pass.Beside;
        _evidence.Refuse(pass.SentAt ?? now, BlurOf(pass));
    }

    /// <summary>Whether an answer that says overloaded comes with load.</summary>
    /// <param name="isFirst">Whether no attempt for its issuer has failed before. Others may follow the issuer.</param>
    public bool IsOverload(bool isFirst) => _overloads.Add(Good, isFirst) || (_told is null && _found.IsTrying);

    /// <summary>An answer says overloaded, and does not come with load: a little less is sent, for it may be the spacing.</summary>
    public void Nudge(long now)
    {
        _told?.Refuse(_evidence, now);
        _found.Nudge();
    }

    /// <summary>The gate opens; not all answers are here that tell what the refusal means.</summary>
    public GateChange? Begin(long now)
    {
        if (_refused is not { HasBegun: false } refused)
            return null;
        if (_told is not null)
            return Settle(now);
        refused.HasBegun = true;
        _openedAt = now;
        _found.Begin();
        _spacing.Restart(now);
        return null;
    }

    /// <summary>The service answers again: says what the last refusal meant.</summary>
    public GateChange? Settle(long now)
    {
        if (_refused is not { } refused)
            return null;
        if (!refused.HasBegun)
            _openedAt = now;
        _refused = null;
        _grownAt = now;
        _spacing.Restart(now);
        if (_told is not null)
        {
            _told.Refuse(_evidence, now);
            return Changed(GateChangeKind.MarginGrown, "throttled at the pace that was told: requests arrive too close together");
        }

        int first = _isFirst ? _evidence.CountAccepted(long.MinValue, now) : 0;
        _isFirst = false;
        bool wasCapped = !Cap.IsFree;
        if (Cap.Refuse(refused.Beside, refused.IsLong, now))
        {
            if (refused.Rate is { } kept)
                _found.Keep(kept);
            return Changed(GateChangeKind.CapFound, $"throttled beside {refused.Beside} in flight, as nearly none was accepted");
        }

        RateBounds bounds = _evidence.Fit(refused.OpenedAt);
        if (Quota.PerSecond is { } stated && !(refused.Rate < StatedShare * stated))
        {
            _found.Believe(stated, bounds);
            return Changed(GateChangeKind.RateFound, "throttled; the service states its rate");
        }

        // The first requests of a process arrive when nobody knows; only those after a second wait bound the rate from above.
        if (first > 0 && (_asked is not null || refused.Wait <= leastWait))
            bounds = bounds with { High = double.PositiveInfinity };
        bounds = bounds with { Floor = Math.Max(bounds.Floor, SustainedShare * refused.Sustained) };
        _found.Settle(bounds, new(refused.Rate, first, refused.Wait, Price: _asked is null ? refused.Wait / 2 : refused.Wait));
        string sent = refused.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"throttled at {rate:0.#}/s beside {refused.Beside} in flight")
            : "throttled, with nothing known before";
        string explained = bounds.IsExplained
            ? string.Create(CultureInfo.InvariantCulture, $"explained by {bounds.Low:0.#} to {bounds.High:0.#}/s, burst up to {bounds.Burst}")
            : "explained by no limiter";
        return Changed(wasCapped ? GateChangeKind.CapRefuted : GateChangeKind.RateFound, $"{sent}; {explained}");
    }

    /// <summary>The service was down: what it refused meanwhile says nothing about its limits.</summary>
    public void Forgive()
    {
        if (_refused is not { } refused)
            return;
        _refused = null;
        _asked = null;
        _overloads.Clear();
        _evidence.ForgetRefused(refused.RefusedSince);
        if (refused is { HasBegun: true, Rate: { } kept })
            _found.Keep(kept);
    }

    // A throttled request shows an empty bucket, which accepts no more than what flows in.
    private double Sustained(long now)
    {
        double perSecond = _throttledAt is { } since && now - since > LeastSustained
            ? (Good - _goodWhenThrottled) / TimeSpan.FromTicks(now - since).TotalSeconds
            : 0;
        (_throttledAt, _goodWhenThrottled) = (now, Good);
        return perSecond;
    }

    private void Grow(long now)
    {
        double seconds = _isHeld || WaitsForAnswers ? Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds) : 0;
        _isHeld = false;
        _grownAt = now;
        _told?.Accept(_spacing, now);
        _found.Grow(seconds);
        if (_told is null && WaitsForAnswers && _spacing.IsBeyondAnswers(PerSecond!.Value))
            _found.Pause(PerSecond.Value, Price);
        Cap.Grow(now);
    }

    // Before anything is known the times of what is sent are as doubtful.
    private long BlurOf(GatePass pass) => pass.SentAt is null || _isFirst ? Blur : LimiterEvidence.Jitter;

    /// <summary>Nothing limits requests any more.</summary>
    public GateChange Free() => Changed(
        GateChangeKind.LimitGone,
        _told is null ? "nothing was throttled far beyond what was found" : "nothing was throttled for a while, so the pace that was told is enough");

    public GateChange Changed(GateChangeKind kind, string reason) =>
        new(kind, reason) { PerSecond = PerSecond, MostInFlight = Cap.IsFree ? null : Cap.Limit };
}
