namespace EnrichIssuers.Job;

/// <summary>Where the lookups' time went, all added up, in seconds.</summary>
internal sealed record ReportTime(double Queued, double Gate, double Paced, double Backoff, double OnTheWire);
