namespace IssuerEnrichment.Testing.Faults;

/// <summary>The decision of a limiter.</summary>
/// <param name="Granted">Whether the request may pass.</param>
/// <param name="Remaining">The number of permits left.</param>
/// <param name="ResetsIn">
/// If throttled, the time until the next permit is available. If granted, the time until a bucket is full, or until a window's first permit is
/// available again.
/// </param>
internal readonly record struct RateLimitLease(bool Granted, int Remaining, TimeSpan ResetsIn);
