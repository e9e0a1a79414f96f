using IssuerEnrichment.Gate;

namespace IssuerEnrichment.Policies;

/// <summary>How the first attempt of a lookup failed, which has gone by the policies; they take it from here.</summary>
/// <param name="Exception">What came of it.</param>
/// <param name="Pass">What the gate is owed for it.</param>
internal sealed record FirstFailure(Exception Exception, GatePass Pass);
