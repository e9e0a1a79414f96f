using System.Text.Json;

namespace IssuerEnrichment.Tests.Sample;

/// <summary>What a run of the sample left behind.</summary>
internal sealed record SampleResult(int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string?> Ids => Values("id");

    public IReadOnlyList<string?> Statuses => Values("status");

    private string?[] Values(string property) => [.. Lines.Select(line =>
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(property).GetString();
    })];
}
