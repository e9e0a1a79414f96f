using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// The condition for cutting a call short: it has taken much longer than usual, and a call that started later was answered. If all calls take longer
/// than usual, the service has become slow, and a retry would make it slower.
/// </summary>
/// <param name="After">The time after which the call may be cut short.</param>
/// <param name="Gate">Knows when other calls were answered.</param>
internal readonly record struct CutShort(TimeSpan After, ServiceGate Gate);
