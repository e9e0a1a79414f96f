using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Sample;

public sealed class SampleUsageTests : IAsyncLifetime
{
    private IssuerTestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await Scripted.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("--service", "--ids", "issuers.txt")]
    [InlineData("http or https", "--service", "ftp://host/")]
    [InlineData("no/such/file", "--service", "*", "--ids", "no/such/file")]
    [InlineData("no/such/journal", "--service", "*", "--journal", "no/such/journal")]
    [InlineData("--journal '' is not the path of a file.", "--service", "*", "--journal", "")]
    [InlineData("no/such/folder", "--service", "*", "--out", "no/such/folder/file")]
    [InlineData("--max-concurrency 'most'", "--service", "*", "--max-concurrency", "most")]
    [InlineData("--max-concurrency is 0; it must be between 1 and 10000.", "--service", "*", "--max-concurrency", "0")]
    [InlineData("such as 100/1s", "--service", "*", "--rate", "100/1s", "--rate", "fast")]
    [InlineData("such as 500ms", "--service", "*", "--deadline", "5")]
    [InlineData("'sequential'", "--service", "*", "--strategy", "psychic")]
    [InlineData("--header", "--service", "*", "--header", "no colon")]
    [InlineData("'--colour'", "--service", "*", "--colour=red")]
    public async Task Wrong_usage_is_one_sentence_that_says_what_to_mend(string hint, params string[] arguments)
    {
        string service = _service.BaseAddress.AbsoluteUri;

        SampleResult result = await SampleProcess.RunAsync("1\n", arguments.Select(argument => argument == "*" ? service : argument));

        result.ExitCode.Should().Be(2);
        result.Errors.TrimEnd().Should().Contain(hint).And.NotContain("\n").And.EndWith(".");
        result.Output.Should().BeEmpty();
        _service.Statistics.Requests.Should().Be(0);
    }

    [Fact]
    public async Task The_help_says_that_the_journal_may_have_more_than_the_output()
    {
        SampleResult result = await SampleProcess.RunAsync("", "--help");

        result.ExitCode.Should().Be(0);
        string.Join(' ', result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Should().Contain("even those that --out lacks. The same command resumes, and rewrites --out.");
    }

    [Fact]
    public async Task A_secret_that_lacks_its_quotes_is_not_shown()
    {
        SampleResult result = await SampleProcess.RunAsync("", "--service", _service.BaseAddress.AbsoluteUri, "--header", "X-Api-Key:", "sesame");

        result.ExitCode.Should().Be(2);
        (result.Output + result.Errors).Should().NotContain("sesame");
    }
}
