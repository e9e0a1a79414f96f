namespace IssuerEnrichment.Gauntlet;

/// <summary>One run of a scenario, as the library and the service report it.</summary>
internal sealed record Measurement(Scenario Scenario, RunResult Run, ServiceStatistics Service)
{
    public double Seconds => Run.Seconds;

    public double TailSeconds => Run.TailSeconds;

    public int Enriched => Run.Enriched;

    public int Failed => Run.Failed;

    public int Unanswered => Scenario.Plan.Ids - Run.Enriched - Run.Failed;

    public int Outages => Run.Outages;

    public int Throttled => Service.Throttled;

    public int ThrottledAfterFlight => Service.Throttled - Service.ThrottledInFlight;

    public int ThrottledAfterGrace => Service.Throttled - Service.ThrottledInGrace;

    public double RequestsPerId => (double)Service.Requests / Scenario.Plan.Ids;

    /// <summary>The ideal time ÷ the time taken, for the ids that have a verdict; null where there is no ideal.</summary>
    public double? Share => Scenario.Ideal?.TotalSeconds / Seconds * (Scenario.Plan.Ids - Unanswered) / Scenario.Plan.Ids;
}
