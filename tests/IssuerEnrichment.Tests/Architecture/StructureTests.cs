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
    [InlineData("Model")]
    [InlineData("Journal", "Model")]
    [InlineData("Classification", "Model")]
    [InlineData("Telemetry", "Model", "Throttling")]
    [InlineData("Throttling", "Model", "Clients", "Telemetry")]
    [InlineData("Strategies", "Lookups")]
    [InlineData("Clients", "Model", "Throttling", "Lookups", "Batching")]
    [InlineData("Batching", "Model", "Throttling", "Lookups", "Clients")]
    [InlineData("Lookups", "Model", "Throttling", "Clients", "Batching", "Caching", "Classification", "Journal", "Telemetry")]
    public void A_folder_uses_only_those_below_it(string folder, params string[] below) => Core.Files
        .Where(file => FolderOf(file) == folder)
        .SelectMany(file => Core.UsesOf(file).Where(used => FolderOf(used) != folder && !below.Contains(FolderOf(used))).Select(used => $"{file} uses {used}"))
        .Should().BeEmpty();

    private static string FolderOf(string file) => file.Split('/')[0];
}
