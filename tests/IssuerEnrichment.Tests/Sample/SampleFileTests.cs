using System.Diagnostics;
using System.Text;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Gleif;

namespace IssuerEnrichment.Tests.Sample;

/// <summary>Nothing of the user's is emptied before everything has been checked, and no file is misread in silence.</summary>
public sealed class SampleFileTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-files-").FullName;
    private IssuerTestService _service = null!;

    private string Service => _service.BaseAddress.AbsoluteUri;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await Scripted.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(Name.Same)]
    [InlineData(Name.SymbolicLink)]
    [InlineData(Name.HardLink)]
    public async Task The_input_is_not_an_output(Name name)
    {
        string ids = Write("ids.txt", "1\n2\n");

        await ExpectRejectedAsync(ids, "--service", Service, "--ids", ids, "--out", Alias(ids, name));
    }

    [Theory]
    [InlineData(Name.Same)]
    [InlineData(Name.SymbolicLink)]
    [InlineData(Name.HardLink)]
    public async Task The_journal_is_not_an_output(Name name)
    {
        string journal = Path.Combine(_folder, "journal");
        (await SampleProcess.RunAsync("1\n", "--service", Service, "--journal", journal)).ExitCode.Should().Be(0);

        await ExpectRejectedAsync(journal, "--service", Service, "--journal", journal, "--out", Alias(journal, name));
    }

    [Fact]
    public async Task A_journal_that_does_not_exist_yet_is_not_an_output()
    {
        string journal = Path.Combine(_folder, "journal");

        SampleResult result = await SampleProcess.RunAsync("1\n", "--service", Service, "--journal", journal, "--out", journal);

        result.Errors.Should().Be("--journal and --out are the same file; use different files.\n");
        File.Exists(journal).Should().BeFalse();
    }

    [Theory]
    [InlineData(Name.Same)]
    [InlineData(Name.HardLink)]
    public async Task The_gleif_file_and_two_outputs_must_differ(Name name)
    {
        string file = Write("gleif.csv", $"LEI,ISIN\n{Entity.LeiOf(1)},{Entity.IsinOf(1, 1)}\n");

        await ExpectRejectedAsync(file, "--source", "gleif-file", "--file", file, "--out", Alias(file, name));
        await ExpectRejectedAsync(file, "--source", "gleif-file", "--file", file, "--report", Alias(file, name));
        string results = Write("results", "old");
        await ExpectRejectedAsync(results, "--service", Service, "--out", results, "--report", Alias(results, name));
    }

    [Theory]
    [InlineData("--journal", "no-journal")]
    [InlineData("--journal", "no/such/folder")]
    [InlineData("--ids", "no-such-file")]
    public async Task An_old_result_stays_until_there_is_a_new_one(string option, string path)
    {
        string results = Write("results.jsonl", "old");
        Write("no-journal", "this is no journal");

        SampleResult result = await SampleProcess.RunAsync("1\n", "--service", Service, "--out", results, option, Path.Combine(_folder, path));

        result.ExitCode.Should().Be(2);
        (await File.ReadAllTextAsync(results, Token)).Should().Be("old");
    }

    [Fact]
    public async Task A_damaged_file_of_gleifs_is_wrong_usage_and_the_old_result_stays()
    {
        string results = Write("results.jsonl", "old");
        string file = Write("gleif.csv", "LEI;ISIN\n");

        SampleResult result = await SampleProcess.RunAsync($"{Entity.LeiOf(1)}\n", "--source", "gleif-file", "--file", file, "--out", results);

        result.ExitCode.Should().Be(2);
        result.Errors.Should().Be($"GLEIF's file {file} cannot be used: its first line does not name the columns LEI and ISIN, separated by commas.\n");
        (await File.ReadAllTextAsync(results, Token)).Should().Be("old");
    }

    [Fact]
    public async Task A_run_without_ids_leaves_an_empty_result()
    {
        string results = Write("results.jsonl", "old");

        (await SampleProcess.RunAsync("", "--service", Service, "--out", results)).ExitCode.Should().Be(0);

        (await File.ReadAllTextAsync(results, Token)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("id\r1\r2\r")]
    [InlineData(" ID ,name\r\n1,\"a \"\"quoted\"\" name\"\r\n\r\n2,\"over\ntwo lines\"\r\n")]
    [InlineData("name,Id\n,1\n\"\",\"2\"")]
    public async Task A_csv_file_is_read_as_it_is(string text)
    {
        SampleResult result = await SampleProcess.RunAsync("", "--service", Service, "--ordered", "--ids", Write("ids.csv", text));

        result.Ids.Should().Equal("1", "2");
        result.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("id\n1\n\"2\"x\n3\n", "--ids, line 3: a quote is inside an unquoted field")]
    [InlineData("id\n\"1\n2\n3\n", "a quote is inside an unquoted field, or is not closed")]
    [InlineData("number;id\n1;2\n", "has no column 'id'; give --id-column one of 'number;id'.")]
    [InlineData("", "is empty; a CSV file starts with a header")]
    public async Task A_csv_file_that_cannot_be_read_is_rejected_in_a_sentence(string text, string sentence)
    {
        SampleResult result = await SampleProcess.RunAsync("", "--service", Service, "--ids", Write("ids.csv", text));

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().Contain(sentence).And.NotContain("\n");
    }

    [Fact]
    public async Task Many_quotes_and_many_columns_break_nothing()
    {
        string quotes = Write("quotes.csv", $"id\n\"{new string('"', 117_000)}\"\n1\n");
        string columns = Write("columns.csv", string.Join(',', Enumerable.Range(0, 30_000).Select(i => $"column {i}")) + "\n");

        (await SampleProcess.RunAsync("", "--service", Service, "--ordered", "--ids", quotes)).Ids.Should().HaveCount(2);
        (await SampleProcess.RunAsync("", "--service", Service, "--ids", columns)).Errors.Length.Should().BeLessThan(1_000);
    }

    [Theory]
    [InlineData("1\r2\r\r3")]
    [InlineData("1\r\n2\n\r\n3\r\n")]
    public async Task A_text_may_have_any_line_ending(string text) =>
        (await SampleProcess.RunAsync(text, "--service", Service, "--ordered")).Ids.Should().Equal("1", "2", "3");

    [Fact]
    public async Task Utf_16_is_read_where_it_says_so_and_named_where_it_does_not()
    {
        string marked = Path.Combine(_folder, "marked.txt");
        string unmarked = Path.Combine(_folder, "unmarked.txt");
        await File.WriteAllTextAsync(marked, "1\n2\n", Encoding.Unicode, Token);
        await File.WriteAllTextAsync(unmarked, "1\n2\n", new UnicodeEncoding(bigEndian: false, byteOrderMark: false), Token);

        (await SampleProcess.RunAsync("", "--service", Service, "--ordered", "--ids", marked)).Ids.Should().Equal("1", "2");
        SampleResult result = await SampleProcess.RunAsync("", "--service", Service, "--ids", unmarked);
        result.ExitCode.Should().Be(2);
        result.Errors.Should().Be("--ids contains zero bytes, as in UTF-16 without a byte order mark; save it as UTF-8.\n");
    }

    [Fact]
    public async Task Those_that_failed_are_asked_for_again_on_demand()
    {
        string journal = Path.Combine(_folder, "journal");
        string[] arguments = ["--service", Service, "--journal", journal, "--attempts", "1"];
        await SampleProcess.RunAsync("1\n500\n", arguments);
        int asked = (int)_service.Statistics.Requests;

        await SampleProcess.RunAsync("1\n500\n", arguments);
        ((int)_service.Statistics.Requests).Should().Be(asked);
        await SampleProcess.RunAsync("1\n500\n", [.. arguments, "--retry-failed"]);

        ((int)_service.Statistics.Requests).Should().BeGreaterThan(asked);
        (await SampleProcess.RunAsync("1\n", "--service", Service, "--retry-failed")).Errors.Should().Be("--retry-failed requires --journal.\n");
    }

    [Fact]
    public async Task A_journal_is_locked_by_whatever_name()
    {
        string journal = Path.Combine(_folder, "journal");
        string link = Alias(journal, Name.SymbolicLink);
        using SampleProcess first = SampleProcess.Start("--service", Service, "--journal", journal);
        await first.Input.WriteAsync("1\n");
        await first.Input.FlushAsync(Token);
        (await first.ReadLineAsync()).Should().Contain("enriched");

        SampleResult second = await SampleProcess.RunAsync("1\n", "--service", Service, "--journal", link);

        second.ExitCode.Should().Be(2);
        second.Errors.Should().Contain("in use");
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Alias(string path, Name name)
    {
        string alias = $"{path}.{name}";
        switch (name)
        {
            case Name.SymbolicLink:
                File.CreateSymbolicLink(alias, path);
                return alias;
            case Name.HardLink:
                Process.Start("ln", [path, alias]).WaitForExit();
                return alias;
            default:
                return path;
        }
    }

    private static async Task ExpectRejectedAsync(string file, params string[] arguments)
    {
        byte[] before = await File.ReadAllBytesAsync(file, Token);

        SampleResult result = await SampleProcess.RunAsync($"{Entity.LeiOf(1)}\n", arguments);

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().MatchRegex("are the same file; use different files.$|is in use, by this job under another name, or by another program.$")
            .And.NotContain("\n");
        (await File.ReadAllBytesAsync(file, Token)).Should().Equal(before);
    }

    public enum Name
    {
        Same,
        SymbolicLink,
        HardLink,
    }
}
