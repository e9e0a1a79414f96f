using IssuerEnrichment.Policies;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Policies;

public sealed class CallTimerTests
{
    [Fact]
    public void A_call_that_ends_just_when_its_time_is_up_does_not_stop_the_timer()
    {
        FakeTimeProvider clock = new();
        using CallTimer timer = new(clock, CancellationToken.None);
        TimedCall[] calls = [.. Enumerable.Range(0, 3).Select(_ => timer.Begin(clock.GetTimestamp(), TimeSpan.FromSeconds(1), CancellationToken.None))];
        using CancellationTokenRegistration registration = calls[0].Token.Register(() => timer.End(calls[1]));

        clock.Advance(TimeSpan.FromSeconds(1));

        calls[2].Token.IsCancellationRequested.Should().BeTrue();
    }
}
