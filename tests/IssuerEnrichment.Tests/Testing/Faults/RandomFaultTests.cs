using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing.Faults;

public sealed class RandomFaultTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(1, 2_000).Select(n => $"{n}")];

    [Fact]
    public async Task Does_on_the_wire_what_it_foretold_in_whatever_order_requests_come()
    {
        StatusFault unknown = new(404, 0.2) { Permanent = true };
        StatusFault broken = new(500, 0.3);
        IssuerServiceScript script = new() { Seed = 42, Faults = [unknown, broken] };
        await using RunningService running = await RunningService.StartAsync(script);

        for (int attempt = 1; attempt <= 2; attempt++)
        {
            await Parallel.ForEachAsync(Ids.Take(200), TestContext.Current.CancellationToken, async (id, _) =>
            {
                int foretold = unknown.Strikes(script, id, attempt) ? 404 : broken.Strikes(script, id, attempt) ? 500 : 200;
                (await running.StatusAsync(id)).Should().Be(foretold);
            });
        }

        running.Service.Statistics.AnswersByStatus.Keys.Should().Equal(200, 404, 500);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void The_fault_hits_the_configured_share_of_requests(double share)
    {
        double struck = Victims(new ResetFault(share), seed: 1).Count / (double)Ids.Length;

        struck.Should().BeApproximately(share, 4 * Math.Sqrt(share * (1 - share) / Ids.Length), "that is four standard deviations");
    }

    [Fact]
    public void A_larger_share_hits_the_same_requests_and_more() =>
        Victims(new ResetFault(0.1), seed: 1).Should().BeSubsetOf(Victims(new ResetFault(0.2), seed: 1));

    [Fact]
    public void Another_seed_fault_or_attempt_hits_other_requests()
    {
        HashSet<string> victims = Victims(new ResetFault(0.5), seed: 1);

        Overlap(Victims(new ResetFault(0.5), seed: 2)).Should().BeApproximately(0.25, 0.05);
        Overlap(Victims(new HtmlFault(0.5), seed: 1)).Should().BeApproximately(0.25, 0.05);
        Overlap(Victims(new ResetFault(0.5), seed: 1, attempt: 2)).Should().BeApproximately(0.25, 0.05);

        double Overlap(HashSet<string> others) => victims.Intersect(others).Count() / (double)Ids.Length;
    }

    [Fact]
    public void A_permanent_fault_hits_the_same_issuers_at_every_attempt()
    {
        StatusFault fault = new(500, 0.1) { Permanent = true };

        Victims(fault, seed: 1).Should().NotBeEmpty().And.BeEquivalentTo(Victims(fault, seed: 1, attempt: 9));
    }

    [Fact]
    public void On_request_only_first_attempts_fail_unless_the_fault_is_permanent()
    {
        IssuerServiceScript script = new() { FaultsOnlyOnFirstAttempt = true };

        new ResetFault(1).Strikes(script, "7", attempt: 1).Should().BeTrue();
        new ResetFault(1).Strikes(script, "7", attempt: 2).Should().BeFalse();
        new ResetFault(1) { Permanent = true }.Strikes(script, "7", attempt: 2).Should().BeTrue();
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void An_invalid_share_is_rejected(double share) =>
        FluentActions.Invoking(() => new ResetFault(share)).Should().Throw<ArgumentOutOfRangeException>();

    private static HashSet<string> Victims(RandomFault fault, int seed, int attempt = 1)
    {
        IssuerServiceScript script = new() { Seed = seed };
        return [.. Ids.Where(id => fault.Strikes(script, id, attempt))];
    }
}
