namespace EnrichIssuers.Demo;

/// <summary>One request as it was seen where it leaves for the network; times from the beginning of its run.</summary>
/// <param name="IssuerId">The issuer asked for.</param>
/// <param name="Start">When it was sent.</param>
/// <param name="End">When its answer came.</param>
/// <param name="Succeeded">Whether the answer was a good one.</param>
/// <param name="Thread">The thread on which it was begun.</param>
/// <param name="IsSharedThread">Whether that thread is one of the process's shared pool, and not the strategy's own.</param>
internal sealed record RecordedRequest(string IssuerId, TimeSpan Start, TimeSpan End, bool Succeeded, int Thread, bool IsSharedThread);
