using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests;

/// <summary>Moves a clock that stands still.</summary>
internal static class VirtualTime
{
    /// <summary>Advances a clock second by second, letting others run in between, until something has happened.</summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Func<bool> hasHappened)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (!hasHappened())
        {
            Stopwatch.GetElapsedTime(startedAt).Should().BeLessThan(TimeSpan.FromSeconds(10));
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
