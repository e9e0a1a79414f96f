using System.Text.Json;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Sample;

public sealed class SampleOutputTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enrich-issuers-").FullName;
    private IssuerTestService _service = null!;

    private string Service => _service.BaseAddress.AbsoluteUri;

    public async ValueTask InitializeAsync() => _service = await Scripted.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Writes_one_line_for_every_input_line_exactly_as_promised()
    {
        string isins = string.Join(',', IssuerTestService.IsinsOf("7").Select(isin => $"\"{isin}\""));
        string enriched = $$"""{"id":"7","status":"enriched","isins":[{{isins}}],"type":"Sovereign","attempts":1,"source":"service","error":null}""";

        SampleResult result = await SampleProcess.RunAsync(
            "\uFEFF7\r\n\n404\n503\n..\n é/ü \n7", "--service", Service, "--ordered", "--sector", "Sovereign", "--sector", "x", "--attempts", "2");

        result.Lines.Should().HaveCount(6);
        result.Lines[0].Should().Be(enriched);
        result.Lines[1].Should().Be(
            """{"id":"404","status":"not-found","isins":null,"type":null,"attempts":1,"source":"service","error":"The service knows no such issuer."}""");
        result.Lines[2].Should().StartWith("""{"id":"503","status":"failed","isins":null,"type":null,"attempts":2,"source":null,"error":"The service""");
        result.Lines[3].Should().StartWith("""{"id":"..","status":"invalid","isins":null,"type":null,"attempts":0,"source":null,"error":"The id""");
        result.Lines[4].Should().StartWith("""{"id":" é/ü ","status":"enriched",""");
        result.Lines[5].Should().Be(enriched);
        result.Output.Should().EndWith("}\n").And.NotContain("\r");
        result.ExitCode.Should().Be(1);
        result.Errors.Should().StartWith("6 issuers in").And.Contain("retries and any hedged requests; ").And.Contain("Limited by").And.NotContain("\u001b");
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("thread-pool")]
    public async Task Answers_come_in_input_order_from_any_strategy(string strategy)
    {
        string[] ids = [.. Enumerable.Range(1, 100).Select(id => $"i{id}")];

        SampleResult result = await SampleProcess.RunAsync(string.Join('\n', ids), "--service", Service, "--ordered", "--strategy", strategy);

        result.Ids.Should().Equal(ids);
        result.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Reads_one_column_of_a_csv_file_and_writes_results_to_a_file()
    {
        string ids = Path.Combine(_folder, "issuers.CSV");
        string results = Path.Combine(_folder, "results.jsonl");
        await File.WriteAllTextAsync(
            ids, "name,lei,country\r\n\"Smith, \"\"Sons\"\"\",A1,US\r\n\r\nTown,\"B2\",\"over\ntwo lines\"\r\nNo id,,DE\r\n", TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunAsync(
            "", "--service", Service, "--ids", ids, "--id-column", "lei", "--out", results, "--ordered", "--rate", "1000/1s", "--rate", "60000/1m");

        SampleResult written = result with { Output = await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken) };
        result.Output.Should().BeEmpty();
        written.Ids.Should().Equal("A1", "B2", "");
        written.Statuses.Should().Equal("enriched", "enriched", "invalid");
    }

    [Fact]
    public async Task Reports_the_run_as_json()
    {
        string file = Path.Combine(_folder, "report.json");

        SampleResult result = await SampleProcess.RunAsync("1\n2\n1\n404\n500\n..\n", "--service", Service, "--attempts", "3", "--report", file);

        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        JsonElement report = json.RootElement;
        result.Lines.Should().HaveCount(6);
        report.EnumerateObject().Select(property => property.Name).Should().Equal(
            "inputs", "enriched", "notFound", "invalid", "failed", "notAttempted", "lookups", "requests", "retries",
            "seconds", "sequentialSeconds", "limitedBy", "time");
        report.EnumerateObject().Take(9).Select(property => property.Value.GetInt64()).Should().Equal(6, 3, 1, 1, 1, 0, 4, 7, 2); // One request shows that the service is up while '500' fails.
        report.GetProperty("limitedBy").GetString().Should().BeOneOf("concurrency", "rate", "service", "retries", "outage");
        report.GetProperty("time").EnumerateObject().Select(property => property.Name).Should().Equal("queued", "gate", "paced", "backoff", "onTheWire");
    }
}
