using IssuerEnrichment.Tests.Documentation;

namespace IssuerEnrichment.Tests.Architecture;

/// <summary>The structure that docs/architecture.md draws.</summary>
public sealed class StructureTests
{
    private const int LargestCycle = 3;

    private static readonly FileGraph Core = FileGraph.Of(Path.Combine(RepositoryFiles.Root, "src", "IssuerEnrichment"));

    [Fact]
    public void Files_use_each_other_in_one_direction_but_for_small_groups() =>
        Core.Cycles().Should().OnlyContain(cycle => cycle.Count <= LargestCycle);

    [Theory]
    [InlineData("Gate")]
    [InlineData("Pacing")]
    [InlineData("Batching")]
    [InlineData("Caching")]
    [InlineData("Hedging")]
    [InlineData("Clients")]
    [InlineData("Http")]
    [InlineData("Policies")]
    public void What_a_lookup_passes_knows_no_run(string folder)
    {
        string[] known = ["Runs/RunLifetime.cs", "Runs/RunEnvironment.cs"];

        Core.Files.Where(file => file.StartsWith($"{folder}/", StringComparison.Ordinal))
            .SelectMany(file => Core.UsesOf(file).Where(used => used.StartsWith("Runs/", StringComparison.Ordinal) && !known.Contains(used)).Select(used => $"{file} uses {used}"))
            .Should().BeEmpty();
    }
}
