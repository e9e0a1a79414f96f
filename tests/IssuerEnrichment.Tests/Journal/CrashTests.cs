using System.Text.Json;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;
using IssuerEnrichment.Tests.Sample;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>The sample, killed at any moment and started again with the same command.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const int Issuers = 400;
    private const int AtOnce = 8;
    private const int Kills = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;
    private readonly RequestWatch _watch = new();
    private IssuerTestService _service = null!;

    private string Ids => Path.Combine(_folder, "ids.txt");

    private string Journal => Path.Combine(_folder, "run.journal");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await IssuerTestService.StartAsync(
        new IssuerServiceScript
        {
            Faults = [_watch, new LatencyFault(TimeSpan.FromMilliseconds(10)) { Spread = 0.5 }, new StatusFault(404, 0.1) { Permanent = true }],
        },
        Token);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_killed_again_and_again_ends_with_every_issuer_once_and_asks_again_only_for_what_was_in_flight()
    {
        string[] ids = [.. Enumerable.Range(1, Issuers).Select(id => $"issuer {id}")];
        await File.WriteAllLinesAsync(Ids, ids, Token);
        Random random = new(20);
        int asked = 0;

        for (int kill = 0; kill < Kills; kill++)
        {
            using SampleProcess sample = Start();
            await _watch.ReachAsync(random.Next(1, Issuers / (Kills + 1)));
            sample.Kill();
            await sample.ExitAsync();
            asked += _watch.EndLife();
        }

        using SampleProcess last = Start();
        SampleResult result = await last.EndAsync();
        asked += _watch.EndLife();

        result.ExitCode.Should().Be(0, result.Errors);
        result.Ids.Should().BeEquivalentTo(ids);
        result.Lines.Should().Contain(line => line.Contains("\"source\":\"journal\"")).And.Contain(line => line.Contains("\"source\":\"service\""));
        foreach (string line in result.Lines)
            IsTrue(line).Should().BeTrue("{0} is what the service says", line);
        (asked - Issuers).Should().BeInRange(0, Kills * AtOnce);
    }

    [Fact]
    public async Task The_same_command_after_an_orderly_end_asks_for_nothing()
    {
        await File.WriteAllLinesAsync(Ids, ["1", "2", "3"], Token);
        using SampleProcess first = Start();
        await first.EndAsync();
        int requests = _service.Statistics.Requests;

        using SampleProcess second = Start("--header", "X-Api-Key: sesame", "--ordered");
        SampleResult result = await second.EndAsync();

        result.Ids.Should().Equal("1", "2", "3");
        result.Lines.Should().OnlyContain(line => line.Contains("\"source\":\"journal\""));
        _service.Statistics.Requests.Should().Be(requests);
    }

    [Fact]
    public async Task Two_concurrent_runs_on_one_journal_are_rejected()
    {
        await File.WriteAllLinesAsync(Ids, Enumerable.Range(0, 100_000).Select(id => $"{id}"), Token);
        using SampleProcess first = Start();
        await first.ReadLineAsync();

        using SampleProcess second = Start();
        SampleResult result = await second.EndAsync();

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().EndWith("is in use by another run; wait until it has ended, or use another journal for this run.").And.NotContain("\n");
        result.Output.Should().BeEmpty();
    }

    private SampleProcess Start(params IEnumerable<string> further) => SampleProcess.Start(
        ["--service", _service.BaseAddress.AbsoluteUri, "--ids", Ids, "--journal", Journal, "--max-concurrency", $"{AtOnce}", .. further]);

    private static bool IsTrue(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        string id = json.RootElement.GetProperty("id").GetString()!;
        JsonElement isins = json.RootElement.GetProperty("isins");
        return json.RootElement.GetProperty("status").GetString() == "enriched"
            ? isins.EnumerateArray().Select(isin => isin.GetString()).SequenceEqual(IssuerTestService.IsinsOf(id))
            : isins.ValueKind == JsonValueKind.Null;
    }
}
