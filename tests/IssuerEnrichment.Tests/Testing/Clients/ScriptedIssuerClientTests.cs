using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Testing.Clients;

public sealed class ScriptedIssuerClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Does_what_its_script_says_of_the_id_and_its_attempt()
    {
        ScriptedIssuerClient client = new((id, attempt) => (id, attempt) switch
        {
            ("a", 1) => throw ServiceFailure.Transient(),
            ("b", _) => IssuerAnswer.NotFound,
            _ => IssuerAnswer.Found([$"{id}{attempt}"]),
        });

        await client.Awaiting(scripted => scripted.GetIsinsAsync("a", Token)).Should().ThrowAsync<IssuerServiceException>();
        (await client.GetIsinsAsync("a", Token)).Isins.Should().Equal("a2");
        (await client.GetIsinsAsync("b", Token)).IsNotFound.Should().BeTrue();
        (client.Attempts, client.AttemptsOf("a"), client.AttemptsOf("b"), client.AttemptsOf("c")).Should().Be((3, 2, 1, 0));
    }

    [Fact]
    public async Task Waits_for_a_gate_and_is_told_what_ends_the_attempt()
    {
        TaskCompletionSource gate = new();
        using CancellationTokenSource cancellation = new();
        ScriptedIssuerClient client = new(async (id, _, cancellationToken) =>
        {
            await gate.Task.WaitAsync(cancellationToken);
            return IssuerAnswer.Found([id]);
        });
        Task<IssuerAnswer> cancelled = client.GetIsinsAsync("a", cancellation.Token);
        Task<IssuerAnswer> waiting = client.GetIsinsAsync("b", Token);

        await cancellation.CancelAsync();
        await cancelled.Awaiting(request => request.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
        waiting.IsCompleted.Should().BeFalse();
        gate.SetResult();

        (await waiting.WithTimeout()).Isins.Should().Equal("b");
    }
}
