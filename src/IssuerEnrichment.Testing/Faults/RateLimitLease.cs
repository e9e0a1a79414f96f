namespace IssuerEnrichment.Testing.Faults;

/// <summary>A limiter's answer.</summary>
/// <param name="Granted">Whether the request may pass.</param>
/// <param name="Remaining">The permits left.</param>
/// <param name="ResetsIn">
/// If refused, when the next permit is there. If granted, when there are more: a bucket's is full, a window's first permit is back.
/// </param>
internal readonly record struct RateLimitLease(bool Granted, int Remaining, TimeSpan ResetsIn);
