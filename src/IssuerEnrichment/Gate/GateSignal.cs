using IssuerEnrichment.Http;

namespace IssuerEnrichment.Gate;

/// <summary>What a request's end says about the service.</summary>
internal enum GateVerdict
{
    /// <summary>Nothing: it was cancelled, or the fault was ours.</summary>
    None,

    /// <summary>The service answers, be it that it knows no such issuer.</summary>
    Good,

    /// <summary>The service failed, or could not be reached.</summary>
    Failed,

    /// <summary>The service wants a slower pace.</summary>
    Refused,
}

/// <summary>What a request's end says about the service.</summary>
/// <param name="Verdict">How the service is.</param>
/// <param name="Hint">What it says about its limits.</param>
/// <param name="IsFirstAttempt">
/// Whether it was the first for its issuer, or was for several. Only such failures are evidence of an outage: one that follows an issuer fails that
/// issuer.
/// </param>
internal readonly record struct GateSignal(GateVerdict Verdict, RateHint? Hint = null, bool IsFirstAttempt = true);
