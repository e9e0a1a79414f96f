using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using IssuerEnrichment.Tests.Documentation;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Architecture;

/// <summary>What docs/architecture.md says of files, and of the way of a lookup.</summary>
public sealed partial class ArchitecturePageTests
{
    private const string Page = "docs/architecture.md";

    [Fact]
    public void Every_file_on_the_page_exists()
    {
        string[] files = [.. RepositoryFiles.Under("src", "*.cs").Concat(RepositoryFiles.Under("tests", "*.cs")).Select(file => '/' + file.Replace('\\', '/'))];

        RepositoryFiles.ReadLines(Page).SelectMany(line => FileName().Matches(line)).Select(name => name.Groups["file"].Value)
            .Should().NotBeEmpty().And.OnlyContain(name => files.Any(file => file.EndsWith('/' + name)));
    }

    [Fact]
    public void The_page_is_short() => CodeBlock.WordsAround(Page).Should().BeLessThanOrEqualTo(900);

    [Fact]
    public async Task A_lookup_goes_from_the_strategy_to_the_socket_by_the_files_of_the_spine()
    {
        Assert.SkipUnless(IsPlain(typeof(IIssuerEnricher)), "An optimised build has no stack frames of its smallest methods.");
        string[] spine = [.. RepositoryFiles.ReadLines(Page).Select(line => SpineRow().Match(line)).Where(row => row.Success).Select(row => row.Groups["type"].Value)];
        string[] expected = [.. spine.SkipWhile(type => type != "AsyncStrategy").TakeWhile(type => type != "RunOutbox")];
        using StackRecorder socket = new();
        await using Source source = Source.Of(builder => builder.AddHttpIssuerClient(
            options => options.BaseAddress = new Uri("http://issuers.example/"), http => http.ConfigurePrimaryHttpMessageHandler(() => socket)));

        (await source.Enricher.Stream(["1"]).CountAsync(TestContext.Current.CancellationToken)).Should().Be(1);

        spine.Should().HaveCountLessThanOrEqualTo(9).And.StartWith(["EnrichmentRun", "RunIntake"]).And.EndWith("RunOutbox");
        expected.Should().NotBeEmpty();
        socket.Types.Where(expected.Contains).Distinct().Should().Equal(expected);
    }

    private static bool IsPlain(Type type) => type.Assembly.GetCustomAttributes(false).OfType<DebuggableAttribute>().Any(build => build.IsJITOptimizerDisabled);

    [GeneratedRegex(@"`(?<file>[\w./]+\.cs)`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^\| `\w+/(?<type>\w+)\.cs` \|")]
    private static partial Regex SpineRow();

    /// <summary>Answers in place of the socket, and notes the types that called it, outermost first.</summary>
    private sealed class StackRecorder : HttpMessageHandler
    {
        public IReadOnlyList<string> Types { get; private set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Types = [.. new StackTrace().GetFrames().Reverse().Select(frame => frame.GetMethod()?.DeclaringType).OfType<Type>().Select(NameOf)];
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"data":{"isins":[]}}""") });
        }

        // An asynchronous method runs in a type within the one that declares it.
        private static string NameOf(Type type) => type.DeclaringType is { } outer ? NameOf(outer) : type.Name;
    }
}
