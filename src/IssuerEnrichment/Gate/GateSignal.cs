using IssuerEnrichment.Http;

namespace IssuerEnrichment.Gate;

/// <summary>What a request's end says about the service.</summary>
/// <param name="Meaning">What the answer means.</param>
/// <param name="Hint">What it says about the service's limits.</param>
/// <param name="IsFirstAttempt">
/// Whether it was the first for its issuer, or was for several. Only such failures are evidence of an outage: one that follows an issuer fails that
/// issuer.
/// </param>
internal readonly record struct GateSignal(AnswerMeaning Meaning, RateHint? Hint = null, bool IsFirstAttempt = true);
