namespace IssuerEnrichment.Testing.Faults;

/// <summary>A bucket's answer: the permits left, and when the next one (if refused) or the whole burst (if granted) is there.</summary>
internal readonly record struct RateLimitLease(bool Granted, int Remaining, TimeSpan ResetsIn);
