using CsCheck;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>What holds for any order of requests and answers, at any times.</summary>
public sealed class GatePolicyProperties
{
    private static readonly Gen<RateHint> Hints =
        from retryAfter in Gen.Int[0, 5_000].Nullable()
        from remaining in Gen.Long[0, 100].Nullable()
        from reset in Gen.Int[0, 5_000].Nullable()
        select new RateHint(Milliseconds(retryAfter), new RateQuota(remaining, Milliseconds(reset), Limit: 100, Window: null));

    private static readonly Gen<GateSignal> Signals =
        from verdict in Gen.Frequency(
            (6, Gen.Const(AnswerMeaning.Good)), (3, Gen.Const(AnswerMeaning.Broken)), (1, Gen.Const(AnswerMeaning.Throttled)), (1, Gen.Const(AnswerMeaning.Overloaded)), (1, Gen.Const(AnswerMeaning.None)))
        from hint in Gen.Frequency((3, Gen.Const(default(RateHint?))), (1, Hints.Select(hint => (RateHint?)hint)))
        from isFirst in Gen.Bool
        select new GateSignal(verdict, hint, isFirst);

    // A step is a request, or the answer to one of those under way.
    private static readonly Gen<Step> Steps =
        from gap in Gen.Int[0, 400]
        from answered in Gen.Int[0, 1_000].Nullable()
        from signal in Signals
        from chance in Gen.Double[0, 1]
        select new Step(TimeSpan.FromMilliseconds(gap).Ticks, answered, signal, chance);

    [Fact]
    public void No_request_passes_a_closed_gate_and_one_at_a_time_probes_it() => Steps.Array[1, 400].Sample(steps =>
    {
        double chance = 0;
        GatePolicy policy = new(new GateOptions { FailuresInARow = 2 }, () => chance);
        List<GatePass> underWay = [];
        long now = 0;
        long notBefore = 0;
        foreach (Step step in steps)
        {
            now += step.Gap;
            chance = step.Chance;
            if (step.Answered is { } answered && underWay.Count > 0)
            {
                GatePass pass = underWay[answered % underWay.Count];
                underWay.Remove(pass);
                AnswerMeaning meaning = policy.Learn(pass, step.Signal, now);
                meaning.Should().NotBe(AnswerMeaning.Overloaded, "it is decided what that means");
                if (meaning == AnswerMeaning.Throttled && step.Signal.Hint?.HoldBack(refused: true) is { } hint)
                    notBefore = Math.Max(notBefore, now + hint.Ticks);
            }
            else if (policy.TryAdmit(now, out GatePass? pass))
            {
                now.Should().BeGreaterThanOrEqualTo(Math.Max(policy.OpensAt, notBefore));
                policy.Send(pass, now);
                underWay.Add(pass);
                underWay.Count(one => one.IsProbe && one.Epoch == policy.Epoch).Should().BeLessThanOrEqualTo(1);
                if (pass.IsProbe)
                    policy.TryAdmit(now, out _).Should().BeFalse();
            }
            else
            {
                policy.NextChange(now).Should().NotBe(now, "a waiter would ask again at once, for ever");
            }
        }
    });

    private static TimeSpan? Milliseconds(int? value) => value is { } some ? TimeSpan.FromMilliseconds(some) : null;

    private sealed record Step(long Gap, int? Answered, GateSignal Signal, double Chance);
}
