namespace IssuerEnrichment.Throttling;

/// <summary>
/// Thrown when an attempt was cut short because it took much longer than others. Says nothing about the service; see
/// <see cref="TimeoutOptions.Adaptive"/>.
/// </summary>
internal sealed class CutShortException(Exception inner) : TimeoutException("No answer while requests sent later were answered.", inner);
