using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// When a call is cut short: it has taken much longer than is usual, and a call that began later was answered. Where all calls take longer than before
/// the service has become slow, and to ask it again would make it slower.
/// </summary>
/// <param name="After">The time after which it may be.</param>
/// <param name="Gate">Knows when other calls were answered.</param>
internal readonly record struct CutShort(TimeSpan After, ServiceGate Gate);
