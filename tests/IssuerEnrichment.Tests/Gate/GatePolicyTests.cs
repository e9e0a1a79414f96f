using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>The gate by hand: every time is a number of ticks that the test passes in.</summary>
public sealed class GatePolicyTests
{
    private const long Latency = 20 * TimeSpan.TicksPerMillisecond;
    private const long Second = TimeSpan.TicksPerSecond;

    private static readonly GateSignal Good = new(AnswerMeaning.Good);
    private static readonly GateSignal Failed = new(AnswerMeaning.Broken);

    private readonly GateOptions _options = new() { FailuresInARow = 3, ProbeDelay = TimeSpan.FromSeconds(1), MaxProbeDelay = TimeSpan.FromSeconds(2) };
    private readonly GatePolicy _policy;
    private double _chance;

    public GatePolicyTests() => _policy = new GatePolicy(_options, () => _chance);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.99)]
    public void A_throttled_request_closes_the_gate_for_at_least_as_long_as_the_service_asks(double chance)
    {
        _chance = chance;
        GatePass refused = Admit(0);

        _policy.Learn(refused, Refused(8), now: Second);

        _policy.TryAdmit((9 * Second) - 1, out _).Should().BeFalse();
        _policy.OpensAt.Should().BeInRange(9 * Second, (long)(9.8 * Second));
        _policy.TryAdmit(_policy.OpensAt, out _).Should().BeTrue();
        _policy.IsOutage.Should().BeFalse("a service that asks for a slower pace is not down");
    }

    [Fact]
    public void Without_a_hint_each_throttled_request_doubles_the_wait_up_to_the_maximum()
    {
        List<long> waits = [];
        long now = 0;
        for (int i = 0; i < 5; i++)
        {
            _policy.Learn(Admit(now), new GateSignal(AnswerMeaning.Throttled), now);
            waits.Add(_policy.OpensAt - now);
            now = _policy.OpensAt;
        }

        waits.Should().Equal(Second / 4, Second / 2, Second, 2 * Second, 2 * Second);
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(3, 8)]
    public void Of_two_hints_the_longer_counts(int first, int second)
    {
        GatePass one = Admit(0);
        GatePass other = Admit(0);

        _policy.Learn(one, Refused(first), 0);
        _policy.Learn(other, Refused(second), 0);

        _policy.OpensAt.Should().Be(8 * Second);
    }

    [Fact]
    public void Answers_to_requests_sent_before_the_closure_neither_open_nor_close_the_gate()
    {
        GatePass[] sent = [.. Enumerable.Range(0, 20).Select(_ => Admit(0))];
        _policy.Learn(sent[0], Refused(1), 0);
        GatePass probe = Admit(Second);

        foreach (GatePass late in sent[1..10])
            _policy.Learn(late, Good, Second);
        _policy.TryAdmit(Second, out _).Should().BeFalse("the probe has no answer yet");
        foreach (GatePass late in sent[10..15])
            _policy.Learn(late, Failed, Second);
        foreach (GatePass late in sent[15..])
            _policy.Learn(late, new GateSignal(AnswerMeaning.Throttled), Second);

        _policy.OpensAt.Should().Be(Second);
        _policy.Epoch.Should().Be(probe.Epoch);
        _policy.IsOutage.Should().BeFalse();
    }

    [Fact]
    public void The_gate_opens_with_one_probe_and_doubles_the_requests_in_flight_each_round_trip()
    {
        long now = Break();
        _policy.Learn(Admit(now), Failed, now);
        now = _policy.OpensAt;
        List<int> inFlight = [];
        for (int i = 0; i < 10; i++)
        {
            List<GatePass> round = AdmitAll(now, most: 2_000);
            inFlight.Add(round.Count);
            now += Second;
            foreach (GatePass pass in round)
                _policy.Learn(pass, Good, now);
        }

        inFlight.Should().Equal(1, 9, 18, 36, 72, 144, 2_000, 2_000, 2_000, 2_000);
        _policy.IsOpen.Should().BeTrue();
    }

    [Fact]
    public void Only_the_first_request_after_a_closure_is_a_probe()
    {
        Admit(0).IsProbe.Should().BeFalse();

        GatePass probe = Admit(Break());
        _policy.Learn(probe, Good, _policy.OpensAt);

        probe.IsProbe.Should().BeTrue();
        Admit(_policy.OpensAt).IsProbe.Should().BeFalse();
    }

    [Fact]
    public void A_failed_probe_closes_the_gate_for_longer_up_to_the_maximum()
    {
        long now = Break();
        List<long> waits = [];
        for (int i = 0; i < 4; i++)
        {
            _policy.Learn(Admit(now), Failed, now);
            waits.Add(_policy.OpensAt - now);
            now = _policy.OpensAt;
        }

        waits.Should().Equal(5 * Second / 4, 25 * Second / 16, 125 * Second / 64, 2 * Second);
        _policy.IsOutage.Should().BeTrue();
    }

    [Fact]
    public void A_cancelled_probe_makes_room_for_the_next()
    {
        long now = Break();

        _policy.Learn(Admit(now), default, now);

        Admit(now).IsProbe.Should().BeTrue();
    }

    [Fact]
    public void A_row_of_failures_is_an_outage_and_a_good_answer_breaks_the_row()
    {
        Learn(Failed, Failed, Good, Failed, Failed);
        _policy.IsOpen.Should().BeTrue();

        Learn(Failed);
        _policy.IsOpen.Should().BeFalse();
        _policy.IsOutage.Should().BeTrue();
    }

    [Fact]
    public void A_later_attempt_that_fails_is_no_evidence()
    {
        GateSignal later = Failed with { IsFirstAttempt = false };

        Learn([.. Enumerable.Repeat(later, 100), Failed, Failed, later]);

        _policy.IsOpen.Should().BeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hint_is_capped_at_the_maximum(bool isCurrent)
    {
        _options.MaxRetryAfter = TimeSpan.FromSeconds(60);
        GatePass first = Admit(0);
        GatePass second = Admit(0);

        _policy.Learn(first, isCurrent ? Refused(1_000_000) : Refused(1), 0);
        _policy.Learn(second, Refused(1_000_000), 0);

        _policy.OpensAt.Should().Be(60 * Second);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    public void A_hint_never_removes_the_wait(double retryAfter)
    {
        List<long> waits = [];
        long now = 0;
        for (int i = 0; i < 4; i++)
        {
            _policy.Learn(Admit(now), Refused(retryAfter), now);
            waits.Add(_policy.OpensAt - now);
            now = _policy.OpensAt;
        }

        waits.Should().Equal(Second / 4, Second / 2, Second, 2 * Second);
    }

    [Fact]
    public void A_quota_that_has_counted_down_to_zero_closes_the_gate_until_the_reset()
    {
        _policy.Learn(Admit(0), Quota(remaining: 1), 0);
        _policy.Learn(Admit(0), Quota(remaining: 0), 0);

        _policy.TryAdmit((30 * Second) - 1, out _).Should().BeFalse();
        Admit(30 * Second).IsProbe.Should().BeTrue();
        _policy.IsOutage.Should().BeFalse();
    }

    [Fact]
    public void A_service_that_always_states_a_remaining_quota_of_zero_is_not_believed()
    {
        for (int i = 0; i < 100; i++)
            _policy.Learn(Admit(0), Quota(remaining: 0), 0);

        _policy.IsOpen.Should().BeTrue();
    }

    [Fact]
    public void A_remaining_quota_of_zero_is_refuted_by_a_second_one_before_the_reset()
    {
        GatePass[] sent = [Admit(0), Admit(0), Admit(0)];
        _policy.Learn(sent[0], Quota(remaining: 1), 0);
        _policy.Learn(sent[1], Quota(remaining: 0), 0);
        _policy.TryAdmit(0, out _).Should().BeFalse();

        _policy.Learn(sent[2], Quota(remaining: 0), 1);

        _policy.TryAdmit(1, out _).Should().BeTrue();
    }

    [Fact]
    public void A_few_overloads_are_failures_and_do_not_close_the_gate()
    {
        for (int i = 0; i < 200; i++)
        {
            AnswerMeaning said = i % 20 == 0 ? AnswerMeaning.Overloaded : AnswerMeaning.Good;
            _policy.CountGood();
            _policy.Learn(Admit(i), new GateSignal(said), i).Should().Be(i % 20 == 0 ? AnswerMeaning.Broken : AnswerMeaning.Good);
        }

        _policy.IsOpen.Should().BeTrue();
    }

    [Fact]
    public void Answers_that_say_overloaded_as_often_as_not_are_throttling()
    {
        List<AnswerMeaning> decided = [];
        for (int i = 0; i < 16 && _policy.IsOpen; i++)
        {
            if (i % 2 == 0)
                _policy.CountGood();
            decided.Add(_policy.Learn(Admit(i), new GateSignal(i % 2 == 0 ? AnswerMeaning.Good : AnswerMeaning.Overloaded), i));
        }

        decided.Should().HaveCount(16).And.EndWith([AnswerMeaning.Throttled]);
        _policy.IsOutage.Should().BeFalse();
    }

    [Fact]
    public void A_service_that_is_overloaded_for_long_is_probed_by_one_at_a_time_and_counts_as_down()
    {
        long now = 0;
        for (int i = 0; i < 20; i++)
        {
            List<GatePass> sent = AdmitAll(now, most: 5);
            if (i > 5)
                sent.Should().ContainSingle();
            foreach (GatePass pass in sent)
                _policy.Learn(pass, new GateSignal(AnswerMeaning.Overloaded), now);
            now = Math.Max(now, _policy.OpensAt);
        }

        _policy.IsOutage.Should().BeTrue();
        now.Should().BeGreaterThan(24 * Second).And.BeLessThan(40 * Second);
    }

    [Fact]
    public void A_quota_with_something_left_leaves_the_gate_open()
    {
        _policy.Learn(Admit(0), Quota(remaining: 99), 0);

        _policy.IsOpen.Should().BeTrue();
    }

    [Fact]
    public void Until_a_paced_service_answers_for_the_first_time_only_one_request_sets_out()
    {
        GatePolicy paced = new(_options, () => _chance, isPaced: true);
        GatePass first = AdmitAll(paced, now: 0, most: 20).Should().ContainSingle().Subject;

        paced.Learn(first, Good, now: 0);

        paced.IsOpen.Should().BeTrue();
        AdmitAll(paced, now: 0, most: 20).Should().HaveCount(20);
    }

    [Fact]
    public void A_paced_service_that_does_not_answer_is_not_waited_for_long()
    {
        GatePolicy paced = new(_options, () => _chance, isPaced: true);
        AdmitAll(paced, now: 0, most: 20).Should().ContainSingle();

        AdmitAll(paced, now: paced.NextChange(0)!.Value, most: 20).Should().HaveCount(20);
    }

    [Fact]
    public void A_configured_rate_is_kept_within_a_margin_however_often_requests_are_throttled()
    {
        GatePolicy paced = new(_options, () => _chance, isPaced: true, configuredRate: 100);
        long now = 0;
        for (int i = 0; i < 50; i++)
        {
            GatePass? pass;
            while (!paced.TryAdmit(now, out pass))
                now = paced.NextChange(now)!.Value;
            paced.Send(pass, now);
            paced.Learn(pass, i % 2 == 0 ? Refused(0) : Good, now);
            now += Second;
        }

        paced.PerSecond.Should().BeInRange(88, 95);
    }

    [Fact]
    public void A_request_keeps_its_distance_from_when_the_previous_one_was_sent()
    {
        GatePolicy told = TellFifty(out long now);
        told.TryAdmit(now, out GatePass? late).Should().BeTrue();

        told.TryAdmit(now + Second, out _).Should().BeFalse("the one before waits for a thread");
        told.NextChange(now + Second).Should().BeNull();
        told.Send(late!, now + Second);
        told.Learn(late!, Good, now + Second + Latency);

        told.NextChange(now + Second).Should().BeGreaterThanOrEqualTo(now + Second + (Second / 50));
    }

    [Fact]
    public void A_request_waits_for_the_previous_answer_if_that_costs_little()
    {
        GatePolicy told = TellFifty(out long now);
        GatePass first = Admit(told, now);

        told.TryAdmit(now + Second, out _).Should().BeFalse();
        told.Learn(first, Good, now + Second);

        told.TryAdmit(now + Second + (Second / 10), out _).Should().BeTrue();
    }

    [Fact]
    public void A_told_rate_that_was_kept_strictly_is_left_to_the_pace_after_a_quiet_time()
    {
        GatePolicy told = TellFifty(out long now);
        told.PerSecond.Should().Be(49);

        now += 11 * Second;
        told.Learn(Admit(told, now), Good, now + Latency);

        told.PerSecond.Should().BeNull();
        told.IsOpen.Should().BeTrue();
    }

    [Fact]
    public void Once_a_rate_is_known_the_wait_that_the_service_does_not_ask_for_is_that_of_two_answers()
    {
        GatePolicy told = TellFifty(out long now);

        told.Learn(Admit(told, now), new GateSignal(AnswerMeaning.Throttled), now);

        (told.OpensAt - now).Should().BeLessThan(_options.RefusalDelay.Ticks).And.BeGreaterThanOrEqualTo(2 * Latency);
    }

    [Fact]
    public void A_concurrent_run_keeps_what_was_learned()
    {
        _policy.LearnConcurrency(64);
        LearnedConcurrency? found = _policy.Concurrency;

        _policy.LearnConcurrency(null);
        _policy.LearnConcurrency(1);

        _policy.Concurrency.Should().BeSameAs(found);
        found!.Most.Should().Be(64);
    }

    [Fact]
    public void Each_change_of_state_is_reported()
    {
        List<GateChange> changes = [];
        GatePolicy policy = new(_options, () => _chance) { OnChange = changes.Add };
        policy.Learn(Admit(policy, 0), Refused(8), 0);
        policy.Learn(Admit(policy, 8 * Second), Good, 8 * Second);

        changes.Select(change => change.Kind).Should().Equal(GateChangeKind.Closed, GateChangeKind.RateFound);
        changes[0].Wait.Should().Be(TimeSpan.FromSeconds(8));
        changes[1].PerSecond.Should().NotBeNull();
    }

    [Fact]
    public void Time_that_the_service_asked_for_does_not_use_up_the_patience()
    {
        _policy.PatienceEndsAt.Should().BeNull();

        _policy.Learn(Admit(0), Refused(100), 0);
        _policy.PatienceEndsAt.Should().Be(_options.Patience.Ticks + (100 * Second));

        _policy.Learn(Admit(_policy.OpensAt), Good, _policy.OpensAt);
        _policy.PatienceEndsAt.Should().BeNull();
    }

    private static GateSignal Refused(double retryAfter) =>
        new(AnswerMeaning.Throttled, new RateHint(TimeSpan.FromSeconds(retryAfter), default));

    private static GateSignal Quota(int remaining) =>
        new(AnswerMeaning.Good, new RateHint(null, new RateQuota(remaining, TimeSpan.FromSeconds(30), Limit: 100, Window: null)));

    // One request after the other, until the first ones, which are slow to leave a process, are answered.
    private GatePolicy TellFifty(out long now)
    {
        GatePolicy told = new(_options, () => _chance, isPaced: true, configuredRate: 50);
        now = 0;
        for (int i = 0; i < 10; i++)
        {
            told.Learn(Admit(told, now), Good, now + Latency);
            now += Second / 10;
        }

        return told;
    }

    private GatePass Admit(long now) => Admit(_policy, now);

    private static GatePass Admit(GatePolicy policy, long now)
    {
        policy.TryAdmit(now, out GatePass? pass).Should().BeTrue();
        policy.Send(pass!, now);
        return pass!;
    }

    private List<GatePass> AdmitAll(long now, int most) => AdmitAll(_policy, now, most);

    private static List<GatePass> AdmitAll(GatePolicy policy, long now, int most)
    {
        List<GatePass> passes = [];
        while (passes.Count < most && policy.TryAdmit(now, out GatePass? pass))
        {
            policy.Send(pass, now);
            passes.Add(pass);
        }

        return passes;
    }

    private void Learn(params GateSignal[] signals)
    {
        foreach (GateSignal signal in signals)
            _policy.Learn(Admit(0), signal, 0);
    }

    // An outage, which leaves no learned rate behind; returns when the first probe may go.
    private long Break()
    {
        Learn(Failed, Failed, Failed);
        return _policy.OpensAt;
    }
}
