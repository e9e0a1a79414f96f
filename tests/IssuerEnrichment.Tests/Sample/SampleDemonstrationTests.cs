namespace IssuerEnrichment.Tests.Sample;

public sealed class SampleDemonstrationTests
{
    [Fact]
    public async Task Without_arguments_it_shows_each_strategy_at_work_as_plain_text()
    {
        SampleResult result = await SampleProcess.RunAsync("");

        result.ExitCode.Should().Be(0);
        result.Errors.Should().BeEmpty();
        result.Output.Should().NotContain("\u001b")
            .And.Contain("11 of 11 issuers, 1 failed").And.Contain("XS0011000030").And.Contain("Sovereign").And.Contain("The service failed with status 500.");
        result.Lines.Should().ContainSingle(line => line.StartsWith("│ sequential ", StringComparison.Ordinal) && line.Contains(" 1.0 x "));
        result.Lines.Where(line => line.Contains(" 8 own, ")).Should().ContainSingle().Which.Should().StartWith("│ thread-pool ");
        result.Lines.Should().ContainSingle(line => line.StartsWith("Choose async", StringComparison.Ordinal));
    }
}
