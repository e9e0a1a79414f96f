namespace EnrichIssuers.Demo;

/// <summary>One request, recorded where it is sent. Times are relative to the start of the run.</summary>
/// <param name="IssuerId">The id of the issuer.</param>
/// <param name="Start">When it was sent.</param>
/// <param name="End">When the response was received.</param>
/// <param name="Succeeded">Whether the response reports success.</param>
/// <param name="Thread">The thread that started it.</param>
/// <param name="IsSharedThread">Whether that thread belongs to the shared pool, not to the strategy.</param>
internal sealed record RecordedRequest(string IssuerId, TimeSpan Start, TimeSpan End, bool Succeeded, int Thread, bool IsSharedThread);
