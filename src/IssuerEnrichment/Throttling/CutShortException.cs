namespace IssuerEnrichment.Throttling;

/// <summary>An attempt was cut short because it took long beside others, which says nothing about the service; see <see cref="TimeoutOptions.Adaptive"/>.</summary>
internal sealed class CutShortException(Exception inner) : TimeoutException("No answer while requests sent later were answered.", inner);
