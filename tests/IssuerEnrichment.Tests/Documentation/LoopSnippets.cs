using System.Diagnostics;
using System.Globalization;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page that goes from a loop to the library, against a service that is well, and against those that it compares the steps by.</summary>
public sealed class LoopSnippets
{
    public static TheoryData<int> Steps => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Every_step_finds_all_issuers_of_a_service_that_is_well(int step)
    {
        (int found, _, _) = await RunAsync(step, ids: 20, new IssuerServiceScript());

        found.Should().Be(20);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task The_last_two_steps_ask_for_nothing_again_in_a_second_run(int step)
    {
        string file = NewFile();
        await using IssuerTestService service = await IssuerTestService.StartAsync(new IssuerServiceScript(), TestContext.Current.CancellationToken);
        using HttpClient http = new() { BaseAddress = service.BaseAddress };
        string[] ids = ["1", "2", "3"];
        await new LoopSteps(http, ids, file).All[step].Run();
        LoopSteps second = new(http, ids, file);

        await second.All[step].Run();

        Delete(file);
        service.Statistics.Requests.Should().Be(3);
        second.Found.Should().HaveCount(3).And.OnlyContain(pair => pair.Value.SequenceEqual(IssuerTestService.IsinsOf(pair.Key)));
    }

    [Fact(Explicit = true)]
    public async Task Measures_the_steps()
    {
        LatencyFault latency = new(TimeSpan.FromMilliseconds(50));
        (string Name, IssuerServiceScript Script)[] services =
        [
            ("well", new() { Faults = [latency] }),
            ("5 % answer 503", new() { Faults = [new StatusFault(503, 0.05), latency] }),
            ("50 a second", new() { Faults = [new RateLimitFault(50, TimeSpan.FromSeconds(1)) { Burst = 10, Dialect = RateLimitDialect.RetryAfterSeconds }, latency] }),
            ("down for 5 s", new() { Faults = [new OutageFault(TimeSpan.FromSeconds(5)) { AfterRequests = 50 }, latency] }),
        ];

        // Once for the compiler, so that the first step is not charged for it.
        foreach (int step in Enumerable.Range(0, 8))
            await RunAsync(step, ids: 20, services[0].Script);
        TestContext.Current.TestOutputHelper!.WriteLine($"| step | {string.Join(" | ", services.Select(service => service.Name))} |");
        foreach (int step in Enumerable.Range(0, 8))
        {
            List<string> cells = [];
            foreach ((_, IssuerServiceScript script) in services)
            {
                (int found, double seconds, int requests) = await RunAsync(step, ids: 200, script);
                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{found} in {seconds:0.0} s, {requests}"));
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"| {NameOf(step)} | {string.Join(" | ", cells)} |");
        }
    }

    private static string NameOf(int step)
    {
        using HttpClient http = new();
        return new LoopSteps(http, [], "").All[step].Name;
    }

    private static async Task<(int Found, double Seconds, int Requests)> RunAsync(int step, int ids, IssuerServiceScript script)
    {
        string file = NewFile();
        await using IssuerTestService service = await IssuerTestService.StartAsync(script, TestContext.Current.CancellationToken);
        using HttpClient http = new() { BaseAddress = service.BaseAddress };
        LoopSteps steps = new(http, [.. Enumerable.Range(1, ids).Select(id => $"{id}")], file);
        long startedAt = Stopwatch.GetTimestamp();
        try
        {
            await steps.All[step].Run();
        }
        catch (Exception e) when (e is HttpRequestException or AggregateException)
        {
            // Steps that end with the first failure are measured as they are.
        }

        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        Delete(file);
        return (steps.Found.Count, seconds, service.Statistics.Requests);
    }

    private static string NewFile() => Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.loop");

    // A journal has further files beside its own.
    private static void Delete(string file)
    {
        foreach (string left in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(file) + "*"))
            File.Delete(left);
    }
}
