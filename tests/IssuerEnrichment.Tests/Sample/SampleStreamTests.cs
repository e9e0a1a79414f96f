using System.Diagnostics;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Sample;

/// <summary>Standard streams that are closed or full cost messages, never results, and nothing swallows an interruption.</summary>
public sealed class SampleStreamTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sample-streams-").FullName;
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
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public async Task Without_standard_error_the_results_are_the_same(string redirection)
    {
        using SampleProcess sample = SampleProcess.StartInShell(redirection, "--service", Service, "--ordered");
        await sample.Input.WriteAsync("1\n2\n");
        sample.Input.Close();

        SampleResult result = await sample.EndAsync();

        result.Ids.Should().Equal("1", "2");
        result.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData(">&-", "--help")]
    [InlineData(">/dev/full", "--help")]
    [InlineData(">&-", "--plan")]
    [InlineData(">/dev/full", "--plan")]
    [InlineData(">&-", "--ordered")]
    [InlineData(">/dev/full", "--ordered")]
    public async Task Without_standard_output_there_is_one_sentence(string redirection, string option)
    {
        using SampleProcess sample = SampleProcess.StartInShell(redirection, "--service", Service, option);
        await sample.Input.WriteAsync("1\n");
        sample.Input.Close();

        SampleResult result = await sample.EndAsync();

        result.ExitCode.Should().BeOneOf(1, 2);
        result.Errors.TrimEnd().Should().MatchRegex("^(Standard output|--out)").And.NotContain("\n");
    }

    [Fact]
    public async Task Without_standard_output_a_result_goes_to_its_file()
    {
        string results = Path.Combine(_folder, "results.jsonl");
        using SampleProcess sample = SampleProcess.StartInShell(">&-", "--service", Service, "--out", results);
        await sample.Input.WriteAsync("1\n");
        sample.Input.Close();

        (await sample.EndAsync()).ExitCode.Should().Be(0);

        (await File.ReadAllTextAsync(results, Token)).Should().StartWith("{\"id\":\"1\",\"status\":\"enriched\"").And.EndWith("}\n");
    }

    [Fact]
    public async Task Few_files_mean_few_connections_and_every_answer()
    {
        using SampleProcess sample = SampleProcess.StartWithLimit("-n 250", "--service", Service, "--max-concurrency", "500", "--ordered");
        await sample.Input.WriteAsync(string.Join('\n', Enumerable.Range(10_000, 2_000)));
        sample.Input.Close();

        SampleResult result = await sample.EndAsync();

        result.ExitCode.Should().Be(0, result.Errors);
        result.Ids.Should().HaveCount(2_000);
        result.Errors.Should().StartWith("The limit on open files is low (ulimit -n), so at most ");
    }

    [Fact]
    public async Task Results_may_go_nowhere() =>
        (await SampleProcess.RunAsync("1\n", "--service", Service, "--out", "/dev/null", "--report", Path.Combine(_folder, "report"))).ExitCode.Should().Be(0);

    [Theory]
    [InlineData("--ids")]
    [InlineData("--out")]
    public async Task A_pipe_without_another_end_is_left_when_interrupted(string option)
    {
        string pipe = Path.Combine(_folder, "pipe");
        await Process.Start("mkfifo", [pipe]).WaitForExitAsync(Token);
        using SampleProcess sample = SampleProcess.Start("--service", Service, option, pipe);
        sample.Input.Close();
        await Task.Delay(TimeSpan.FromSeconds(1), Token); // It cannot be seen from outside that it waits.

        sample.Signal("INT");

        (await sample.ExitAsync()).Should().Be(130);
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_the_run_in_an_orderly_way()
    {
        using SampleProcess sample = SampleProcess.Start("--service", Service);
        await sample.Input.WriteAsync("1\nhang\n");
        await sample.Input.FlushAsync(Token);
        await sample.ReadLineAsync();

        sample.Signal("HUP");

        SampleResult result = await sample.EndAsync();
        result.ExitCode.Should().Be(130);
        result.Output.Should().Contain("not-attempted");
    }
}
