using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Gleif;

namespace IssuerEnrichment.Tests.Sample;

/// <summary>The sample says what a job would take, and leaves it at that.</summary>
public sealed class SamplePlanTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-plan-").FullName;
    private IssuerTestService _service = null!;

    private string Service => _service.BaseAddress.AbsoluteUri;

    public async ValueTask InitializeAsync() => _service = await Scripted.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Says_what_a_service_would_be_asked_for()
    {
        string input = string.Join('\n', [.. Enumerable.Range(1, 1_000), 1, ".."]);

        SampleResult result = await SampleProcess.RunAsync(input, "--service", Service, "--rate", "60/1m", "--plan");

        result.Lines.Should().Equal(
            "1,002 issuers: 1,000 to look up, 1 invalid, 1 duplicates, 0 in the journal.",
            "one request for each issuer: 1,000 requests, 17 min",
            "Limited by rate: The rate limit of 60/1m sets the time, as long as an answer takes no more than 8.1 s.");
        result.Errors.Should().BeEmpty();
        result.ExitCode.Should().Be(0);
        _service.Statistics.Requests.Should().Be(0);
    }

    [Fact]
    public async Task Takes_the_latency_that_is_known()
    {
        SampleResult result = await SampleProcess.RunAsync(
            string.Join('\n', Enumerable.Range(1, 80)), "--service", Service, "--typical-latency", "500ms", "--deadline", "2s", "--plan");

        result.Lines[1].Should().Be("one request for each issuer: 80 requests, 5 s");
        result.Lines[2].Should().StartWith("Limited by concurrency: ").And.EndWith("The deadline of 2 s leaves no time for 48 of the issuers.");
    }

    [Fact]
    public async Task Says_in_what_ways_gleif_could_be_asked()
    {
        string leis = string.Join('\n', Enumerable.Range(1, 1_000).Select(Entity.LeiOf));

        SampleResult result = await SampleProcess.RunAsync(leis, "--source", "gleif", "--service", Service, "--plan");

        result.Lines.Should().HaveCount(5);
        result.Lines[1].Should().StartWith("with the pre-check").And.EndWith("5 to 1,005 requests, 4 s to 17 min");
        result.Lines[2].Should().Be("or page by page, at least one page for each LEI: 1,000 requests, 17 min");
        result.Lines[3].Should().Be("or from GLEIF's daily file, which is one download: no request");
        _service.Statistics.Requests.Should().Be(0);
    }

    [Fact]
    public async Task The_daily_file_takes_no_request()
    {
        string file = Path.Combine(_folder, "isin-lei.csv");
        await File.WriteAllTextAsync(file, "LEI,ISIN\n", TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunAsync(Entity.LeiOf(1), "--source", "gleif-file", "--file", file, "--plan");

        result.Lines[1].Should().EndWith("no request");
        result.ExitCode.Should().Be(0);
        Directory.GetFiles(_folder).Should().Equal(file);
    }

    [Fact]
    public async Task A_plan_leaves_results_report_and_journal_unchanged()
    {
        string results = Path.Combine(_folder, "results.jsonl");
        await File.WriteAllTextAsync(results, "yesterday's", TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunAsync(
            "1", "--service", Service, "--out", results, "--report", Path.Combine(_folder, "report"), "--journal", Path.Combine(_folder, "journal"), "--plan");

        result.ExitCode.Should().Be(0);
        (await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken)).Should().Be("yesterday's");
        Directory.GetFiles(_folder).Should().Equal(results);
    }

    [Fact]
    public async Task What_a_journal_knows_is_not_asked_for_again()
    {
        string[] job = ["--service", Service, "--journal", Path.Combine(_folder, "journal")];
        await SampleProcess.RunAsync("1\n2", job);

        SampleResult result = await SampleProcess.RunAsync("1\n2\n3", [.. job, "--plan"]);

        result.Lines[0].Should().Be("3 issuers: 1 to look up, 0 invalid, 0 duplicates, 2 in the journal.");
        _service.Statistics.Requests.Should().Be(2);
    }

    [Theory]
    [InlineData("--typical-latency requires --plan.", "--typical-latency", "1s")]
    [InlineData("'psychic'", "--strategy", "psychic", "--plan")]
    public async Task Wrong_usage_is_one_sentence(string hint, params string[] arguments)
    {
        SampleResult result = await SampleProcess.RunAsync("1\n", ["--service", Service, .. arguments]);

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().Contain(hint).And.NotContain("\n").And.EndWith(".");
        result.Output.Should().BeEmpty();
    }
}
