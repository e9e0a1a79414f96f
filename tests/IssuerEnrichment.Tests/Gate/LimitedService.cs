using IssuerEnrichment.Gate;
using IssuerEnrichment.Http;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A service with a limit, asked through a gate's policy by a number of requesters, in virtual time.</summary>
/// <param name="ask">Says, at a time, whether it answers, how many requests are left and when there will be more.</param>
/// <param name="hint">What it tells of that.</param>
internal sealed class LimitedService(Func<long, LimitedService.State> ask, Func<LimitedService.State, RateHint?> hint)
{
    private readonly GatePolicy _policy = new(new GateOptions(), new Random(1).NextDouble);

    /// <summary>A token bucket, which says when it will be full.</summary>
    public static LimitedService Bucket(int perSecond, int burst, Func<State, RateHint?> hint)
    {
        double tokens = burst;
        long filledAt = 0;
        return new LimitedService(
            now =>
            {
                tokens = Math.Min(burst, tokens + (perSecond * Seconds(now - filledAt)));
                filledAt = now;
                bool isGood = tokens >= 1;
                tokens -= isGood ? 1 : 0;
                return new State(isGood, (int)tokens, TimeSpan.FromSeconds((burst - tokens) / perSecond));
            },
            hint);
    }

    /// <summary>A quota for each window of a length, which says when the next one begins.</summary>
    public static LimitedService Window(int limit, TimeSpan length, Func<State, RateHint?> hint)
    {
        long window = -1;
        int left = 0;
        return new LimitedService(
            now =>
            {
                if (now / length.Ticks > window)
                    (window, left) = (now / length.Ticks, limit);
                bool isGood = left > 0;
                left -= isGood ? 1 : 0;
                return new State(isGood, left, length - TimeSpan.FromTicks(now % length.Ticks));
            },
            hint);
    }

    /// <summary>Requesters wait in one line; each that is answered joins it again, as the gate has a refused one do.</summary>
    public (int Good, int Refused) Serve(int requesters, TimeSpan latency, TimeSpan duration)
    {
        PriorityQueue<(GatePass Pass, State State), long> underWay = new();
        int waiting = requesters;
        int good = 0;
        int refused = 0;
        long now = 0;
        while (true)
        {
            while (waiting > 0 && _policy.TryAdmit(now, out GatePass? pass))
            {
                waiting--;
                underWay.Enqueue((pass, ask(now)), now + latency.Ticks);
            }

            long answerAt = underWay.TryPeek(out _, out long at) ? at : long.MaxValue;
            long changeAt = (waiting > 0 ? _policy.NextChange(now) : null) ?? long.MaxValue;
            now = Math.Min(answerAt, changeAt);
            if (now > duration.Ticks)
                return (good, refused);
            if (answerAt > now)
                continue;

            (GatePass answered, State state) = underWay.Dequeue();
            waiting++;
            good += state.IsGood ? 1 : 0;
            refused += state.IsGood ? 0 : 1;
            Tell(answered, state, now);
        }
    }

    // As the gate does.
    private void Tell(GatePass pass, State state, long now)
    {
        bool isSampleDue = state.IsGood && _policy.Rate.CountGood();
        if (state.IsGood)
            _policy.Rate.Resume(now);
        if (isSampleDue)
            _policy.Rate.TakeSample(now);
        _policy.Learn(pass, new GateSignal(state.IsGood ? AnswerMeaning.Good : AnswerMeaning.Throttled, hint(state)), now);
    }

    private static double Seconds(long ticks) => TimeSpan.FromTicks(ticks).TotalSeconds;

    internal readonly record struct State(bool IsGood, int Remaining, TimeSpan Reset);
}
