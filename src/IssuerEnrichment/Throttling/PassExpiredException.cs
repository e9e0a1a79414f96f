namespace IssuerEnrichment.Throttling;

/// <summary>Thrown for a request whose pass has expired because the gate has closed. The request returns to the gate.</summary>
internal sealed class PassExpiredException() : Exception("The gate has closed meanwhile.");
