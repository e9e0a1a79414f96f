using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Testing.Clients;

public sealed class GatedIssuerClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Holds_requests_and_lets_the_first_go_first()
    {
        GatedIssuerClient client = new();
        Task<IssuerAnswer> first = client.GetIsinsAsync("a", Token);
        Task<IssuerAnswer> second = client.GetIsinsAsync("b", Token);
        await client.ReachInFlightAsync(2);

        client.LetOneGo();

        (await first.WithTimeout()).Isins.Should().Equal("a");
        (second.IsCompleted, client.InFlight, client.MostInFlight).Should().Be((false, 1, 2));
        client.Open();
        (await second.WithTimeout()).Isins.Should().Equal("b");
        (await client.GetIsinsAsync("c", Token).WithTimeout()).Isins.Should().Equal("c");
        client.Asked.Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task Answers_as_another_client_does()
    {
        GatedIssuerClient client = new(new ScriptedIssuerClient(_ => throw ServiceFailure.Permanent()));
        client.Open();

        await client.Awaiting(gated => gated.GetIsinsAsync("a", Token)).Should().ThrowAsync<IssuerServiceException>();

        client.InFlight.Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_request_ends_or_lingers(bool lingers)
    {
        GatedIssuerClient client = new() { Lingers = lingers };
        using CancellationTokenSource cancellation = new();
        Task<IssuerAnswer> cancelled = client.GetIsinsAsync("a", cancellation.Token);
        Task<IssuerAnswer> other = client.GetIsinsAsync("b", Token);

        await cancellation.CancelAsync();
        await client.ReachCancelledAsync(1);
        client.LetOneGo();

        Func<Task> ended = () => cancelled.WithTimeout();
        if (lingers)
            await ended.Should().NotThrowAsync();
        else
        {
            await ended.Should().ThrowAsync<OperationCanceledException>();
            await other.WithTimeout();
        }

        (client.Cancelled, other.IsCompleted).Should().Be((1, !lingers));
        client.Open();
        await other.WithTimeout();
    }

    [Fact]
    public void Releasing_without_held_requests_throws() =>
        new GatedIssuerClient().Invoking(client => client.LetOneGo()).Should().Throw<InvalidOperationException>();

    [Fact]
    public async Task Says_how_far_it_got_when_a_state_does_not_come()
    {
        GatedIssuerClient client = new() { Patience = TimeSpan.FromMilliseconds(1) };
        Task<IssuerAnswer> request = client.GetIsinsAsync("a", Token);

        (await client.Awaiting(client => client.ReachInFlightAsync(2)).Should().ThrowAsync<TimeoutException>())
            .WithMessage("Awaited 2 requests in flight for 0.001 s. There were 1 requests, 1 of them at a time, and 0 cancelled.");

        client.Open();
        await request;
    }
}
