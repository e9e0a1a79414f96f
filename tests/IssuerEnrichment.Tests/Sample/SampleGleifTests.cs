using IssuerEnrichment.Tests.Gleif;
using IssuerEnrichment.Tests.Http;

namespace IssuerEnrichment.Tests.Sample;

public sealed class SampleGleifTests : IAsyncLifetime
{
    private readonly Entity[] _entities = [Entity.Create(1, isins: 450), Entity.Create(2, isins: 0)];
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-gleif-").FullName;
    private LoopbackService _gleif = null!;

    private string Leis => string.Join('\n', [.. _entities.Select(entity => entity.Lei), Entity.LeiOf(3), "LEI-1"]);

    private string Service => new Uri(_gleif.BaseAddress, "/api/v1/").AbsoluteUri;

    public async ValueTask InitializeAsync()
    {
        GleifData data = new(_entities);
        _gleif = await LoopbackService.StartAsync(context => GleifService.AnswerAsync(data, context));
    }

    public async ValueTask DisposeAsync()
    {
        await _gleif.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Asks_gleif_for_leis()
    {
        SampleResult result = await SampleProcess.RunAsync(Leis, "--source", "gleif", "--service", Service, "--rate", "1000/1s", "--ordered");

        result.Statuses.Should().Equal("enriched", "enriched", "not-found", "invalid");
        result.Lines[0].Split("\"XS").Should().HaveCount(451);
        result.ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task Answers_from_the_daily_file()
    {
        string file = Path.Combine(_folder, "isin-lei.csv");
        await File.WriteAllLinesAsync(
            file, _entities[0].Isins.Select(isin => $"{_entities[0].Lei},{isin}").Prepend("LEI,ISIN"), TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunAsync(Leis, "--source", "gleif-file", "--file", file, "--ordered");

        result.Statuses.Should().Equal("enriched", "enriched", "enriched", "invalid");
        result.Lines[0].Split("\"XS").Should().HaveCount(451);
        result.Lines[1].Should().Contain("\"isins\":[]");
    }

    [Theory]
    [InlineData("'bloomberg'", "--source", "bloomberg")]
    [InlineData("--file is missing", "--source", "gleif-file")]
    [InlineData("--file is 'no/such/file'; there is no such file.", "--source", "gleif-file", "--file", "no/such/file")]
    [InlineData("--source gleif-file", "--source", "gleif", "--file", "leis.csv")]
    [InlineData("--isins-path", "--source", "gleif", "--isins-path", "data")]
    public async Task Wrong_usage_is_one_sentence(string hint, params string[] arguments)
    {
        SampleResult result = await SampleProcess.RunAsync("1\n", arguments);

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().Contain(hint).And.NotContain("\n").And.EndWith(".");
    }

    [Fact]
    public async Task Reports_names_counts_and_types_of_leis_as_a_table()
    {
        string input = Path.Combine(_folder, "leis.csv");
        string output = Path.Combine(_folder, "report.csv");
        await File.WriteAllTextAsync(input, $"lei,note\n{Leis.Replace("\n", ",x\n")}\n", TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunLeiReportAsync(input, output, "--service", Service, "--rate", "1000/1s");

        result.ExitCode.Should().Be(1);
        result.Errors.Should().StartWith("4 LEIs with ").And.Contain("2 enriched, 1 not found, 1 invalid");
        string[] lines = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        lines[0].Should().Be("lei,name,status,isins,complete,type,data date,error");
        lines[1].Should().Be($"{_entities[0].Lei},\"{_entities[0].Name.Replace("\"", "\"\"")}\",Enriched,450,True,Corporate,2026-11-20,");
        lines.Should().HaveCount(5);
    }

    [Theory]
    [InlineData("LEI\n{0}\n")]
    [InlineData("note, Lei \n\"a, b\",{0}\nshort\n")]
    public async Task A_column_of_leis_is_found_however_it_is_written(string text)
    {
        string input = Path.Combine(_folder, "leis.csv");
        string output = Path.Combine(_folder, "report.csv");
        await File.WriteAllTextAsync(input, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, _entities[0].Lei), TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunLeiReportAsync(input, output, "--service", Service, "--rate", "1000/1s");

        (await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken)).Should().Contain($"{_entities[0].Lei},").And.Contain(",Enriched,450,");
        result.ExitCode.Should().Be(text.Contains("short") ? 1 : 0);
    }

    [Theory]
    [InlineData("lei;note\n", "has no column 'lei', or its columns are not separated by commas.")]
    [InlineData("", "is empty; a CSV file starts with a header line.")]
    [InlineData("lei\n\"x\"y\n", "line 2: a quote is inside an unquoted field, or is not closed.")]
    public async Task An_input_of_the_report_that_cannot_be_read_is_one_sentence(string text, string sentence)
    {
        string input = Path.Combine(_folder, "leis.csv");
        await File.WriteAllTextAsync(input, text, TestContext.Current.CancellationToken);

        SampleResult result = await SampleProcess.RunLeiReportAsync(input, Path.Combine(_folder, "report.csv"), "--service", Service);

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().EndWith(sentence).And.NotContain("\n");
    }

    [Fact]
    public async Task The_report_overwrites_no_input_and_says_where_it_cannot_write()
    {
        string input = Path.Combine(_folder, "leis.csv");
        await File.WriteAllTextAsync(input, "lei\n1\n", TestContext.Current.CancellationToken);

        SampleResult same = await SampleProcess.RunLeiReportAsync(input, input, "--service", Service);
        SampleResult nowhere = await SampleProcess.RunLeiReportAsync(input, "no/such/folder/report.csv", "--service", Service);

        same.ExitCode.Should().Be(2);
        nowhere.ExitCode.Should().Be(2);
        nowhere.Errors.Should().StartWith("no/such/folder/report.csv cannot be opened");
        (await File.ReadAllTextAsync(input, TestContext.Current.CancellationToken)).Should().Be("lei\n1\n");
    }

    [Fact]
    public async Task A_spreadsheet_takes_nothing_in_the_report_for_a_formula()
    {
        string input = Path.Combine(_folder, "leis.csv");
        string output = Path.Combine(_folder, "report.csv");
        await File.WriteAllTextAsync(input, "lei\n=HYPERLINK(1)\n", TestContext.Current.CancellationToken);

        await SampleProcess.RunLeiReportAsync(input, output, "--service", Service);

        (await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken))[1].Should().StartWith("\"'=HYPERLINK(1)\",");
    }
}
