using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Sample;

public sealed class SampleInterruptionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enrich-issuers-").FullName;
    private IssuerTestService _service = null!;

    private string Service => _service.BaseAddress.AbsoluteUri;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows(), "Signals are sent with kill.");
        _service = await Scripted.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        if (_service is not null)
            await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_run_has_its_line_for_every_line_of_the_file(string signal)
    {
        string file = Path.Combine(_folder, "ids.txt");
        await File.WriteAllLinesAsync(file, ["1", "2", "hang", .. Enumerable.Range(1000, 5000).Select(id => $"{id}")], TestContext.Current.CancellationToken);
        using SampleProcess sample = SampleProcess.Start("--service", Service, "--ids", file, "--strategy", "sequential");
        string?[] answered = [await sample.ReadLineAsync(), await sample.ReadLineAsync()];

        sample.Signal(signal);
        SampleResult rest = await sample.EndAsync();

        answered.Should().OnlyContain(line => line!.Contains("\"enriched\""));
        rest.Statuses.Should().HaveCount(5001).And.OnlyContain(status => status == "not-attempted");
        rest.ExitCode.Should().Be(130);
        rest.Errors.Should().Contain("2 enriched").And.Contain("5,001 not attempted");
    }

    [Fact]
    public async Task What_an_interrupted_run_was_answered_is_in_its_journal()
    {
        string journal = Path.Combine(_folder, "run.journal");
        using SampleProcess sample = SampleProcess.Start("--service", Service, "--journal", journal);
        await sample.Input.WriteAsync("1\nhang\n");
        await sample.Input.FlushAsync(TestContext.Current.CancellationToken);
        await sample.ReadLineAsync();

        sample.Signal("INT");
        (await sample.EndAsync()).ExitCode.Should().Be(130);
        int requests = _service.Statistics.Requests;
        SampleResult again = await SampleProcess.RunAsync("1\n", "--service", Service, "--journal", journal);

        again.Lines.Single().Should().Contain("\"status\":\"enriched\"").And.Contain("\"source\":\"journal\"");
        _service.Statistics.Requests.Should().Be(requests);
    }

    [Fact]
    public async Task An_interrupted_run_does_not_wait_for_the_end_of_standard_input()
    {
        using SampleProcess sample = SampleProcess.Start("--service", Service);
        await sample.Input.WriteAsync("1\nhang\n");
        await sample.Input.FlushAsync(TestContext.Current.CancellationToken);
        await sample.ReadLineAsync();

        sample.Signal("INT");
        SampleResult rest = await sample.EndAsync();

        rest.Ids.Should().Equal("hang");
        rest.Statuses.Should().Equal("not-attempted");
        rest.ExitCode.Should().Be(130);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_run_quietly()
    {
        using SampleProcess sample = SampleProcess.Start("--service", Service);
        await sample.Input.WriteAsync("1\n");
        await sample.Input.FlushAsync(TestContext.Current.CancellationToken);
        await sample.ReadLineAsync();

        sample.CloseOutput();
        await sample.Input.WriteAsync("2\n");
        await sample.Input.FlushAsync(TestContext.Current.CancellationToken);

        (await sample.ExitAsync()).Should().Be(1);
        (await sample.ReadErrorsAsync()).Should().BeEmpty();
    }
}
