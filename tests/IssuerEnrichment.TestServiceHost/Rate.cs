namespace IssuerEnrichment.TestServiceHost;

internal readonly record struct Rate(int Permits, TimeSpan Period);
