namespace EnrichIssuers.Job;

/// <summary>The time of all lookups in seconds, by what it was spent on.</summary>
internal sealed record ReportTime(double Queued, double Gate, double Paced, double Backoff, double OnTheWire);
