namespace IssuerEnrichment.Throttling;

/// <summary>The gate has closed since it gave leave to send this request, which goes back to the gate.</summary>
internal sealed class PassExpiredException() : Exception("The gate has closed meanwhile.");
