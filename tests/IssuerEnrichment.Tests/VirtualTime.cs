using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests;

/// <summary>Moves a clock that stands still.</summary>
internal static class VirtualTime
{
    private const int YieldsPerStep = 64;
    private const int MostYieldsPerStep = 1_000;

    /// <summary>Advances a clock in small steps, letting others run in between, until something has happened.</summary>
    /// <remarks>What runs meanwhile takes some of this time: a test may rely on the least that passes, and on the most only with a margin.</remarks>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Func<bool> hasHappened)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (!hasHappened())
        {
            Stopwatch.GetElapsedTime(startedAt).Should().BeLessThan(TimeSpan.FromSeconds(10));
            for (int i = 0; i < YieldsPerStep || (ThreadPool.PendingWorkItemCount > 0 && i < MostYieldsPerStep); i++)
                await Task.Yield();
            clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }
}
