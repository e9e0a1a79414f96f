namespace IssuerEnrichment.Gauntlet;

/// <summary>One row of the table: a service, how it is called, and the targets.</summary>
/// <param name="Name">The service, in words.</param>
/// <param name="Told">What the library is told of its limit.</param>
/// <param name="Service">The options of the service's command line.</param>
/// <param name="Plan">How it is called.</param>
/// <param name="Ideal">The shortest time that the service's limit allows; null if it has none.</param>
/// <param name="Targets">What every run has to reach.</param>
internal sealed record Scenario(string Name, string Told, string[] Service, RunPlan Plan, TimeSpan? Ideal, params Target[] Targets)
{
    /// <summary>What <c>--rows</c> is matched with.</summary>
    public string Title => $"{Name}; told {Told}";
}
