using System.Collections;
using System.Diagnostics;
using System.Globalization;
using IssuerEnrichment.Tests.Registration;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>
/// A service that sends anything at all, over a real socket and through the whole stack. Whatever it sends does no more than fail the issuer that it
/// was asked for. <see cref="Soak"/> says how to run it for longer.
/// </summary>
[Collection(nameof(NonParallelTests))]
public sealed class HostileAnswersTests(ITestOutputHelper output)
{
    // Policies that wait for minutes wait for milliseconds. Even the slowest pace that the gate learns, one request in 5 s, is a thousand a second.
    private const int Speed = 5_000;
    private const int MaxConcurrency = 32;
    private const int HeldVerdicts = 1_000;

    // What is in flight is some 64 KiB each, twice over while it is read, here and at the service; a failed outcome holds its exceptions, some 5 KiB.
    private const long MaxHeapBytes = 32 * 1024 * 1024;

    private static readonly EnrichmentErrorKind[] KindsOfAnswers =
    [
        EnrichmentErrorKind.Network, EnrichmentErrorKind.Timeout, EnrichmentErrorKind.ServiceError, EnrichmentErrorKind.Rejected,
        EnrichmentErrorKind.UnexpectedAnswer, EnrichmentErrorKind.AnswerTooLarge,
    ];

    [Fact]
    public async Task No_answer_does_more_than_fail_its_issuer()
    {
        int first = Soak.FirstSeed;
        int count = Soak.Issuers(ordinarily: 2_000);
        await using HostileService service = new();
        await using Source source = SourceOf(service);
        using CancellationTokenSource timeout = Soak.Timeout(count);
        IEnrichmentRun run = source.Enricher.Stream(Enumerable.Range(first, count).Select(seed => seed.ToString(CultureInfo.InvariantCulture)));
        HashSet<string> problems = [];
        BitArray seen = new(count);
        SortedDictionary<string, int> tally = [];
        long heapBefore = LiveHeap();
        long largestHeap = 0;
        long startedAt = Stopwatch.GetTimestamp();

        await foreach (EnrichmentOutcome outcome in run.WithCancellation(timeout.Token))
        {
            seen[(int)outcome.Position].Should().BeFalse("no input has two outcomes");
            seen[(int)outcome.Position] = true;
            if (ProblemOf(outcome, first + (int)outcome.Position) is { } problem)
                problems.Add(problem);
            string end = outcome.Error is { } error ? $"{outcome.Status}: {error.Kind}" : $"{outcome.Status}";
            tally[end] = tally.GetValueOrDefault(end) + 1;
            if (outcome.Position % 500 == 0)
                largestHeap = Math.Max(largestHeap, LiveHeap() - heapBefore);
        }

        output.WriteLine($"{count} issuers, {run.Report.Requests} requests, {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:0.0} s");
        output.WriteLine($"at most {largestHeap >> 20} MiB more on the heap; working set {Environment.WorkingSet >> 20} MiB");
        output.WriteLine(string.Join(Environment.NewLine, tally.Select(entry => $"{entry.Value,9} {entry.Key}")));
        problems.Should().BeEmpty();
        seen.HasAllSet().Should().BeTrue("every input has an outcome");
        run.Report.Should().Match<EnrichmentReport>(report => report.IsBalanced && report.Inputs == count);
        largestHeap.Should().BeLessThan(MaxHeapBytes);
    }

    private static string? ProblemOf(EnrichmentOutcome outcome, int seed)
    {
        HostileAnswer answer = HostileAnswers.Answer(seed);
        string? problem = outcome switch
        {
            { Status: EnrichmentStatus.Enriched } => answer.Readings.Any(outcome.Isins!.SequenceEqual) ? null : "has ISINs that were not sent",
            { Isins: not null } => "has ISINs, but is not enriched",
            { Status: EnrichmentStatus.NotFound } => answer.IsNotFound ? null : "is not found, which was not said",
            { Status: not EnrichmentStatus.Failed } => "was left out",
            { Error: { } error } when !KindsOfAnswers.Contains(error.Kind) => "failed in a way that no answer should cause",
            { Error.Message: { } message } when message.Length is 0 or > 300 || message.Any(char.IsControl) => "has an unfit message",
            _ => answer.IsIntact ? "was answered well, and failed" : null,
        };
        return problem is null ? null : $"""

            Issuer {seed} {problem}. The answer was: {answer.Recipe}; {Soak.Replay(seed)}.
            {outcome.Status}: {outcome.Error}
            """;
    }

    private static long LiveHeap()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private static Source SourceOf(HostileService service) => Source.Of(
        builder => builder.AddHttpIssuerClient(options =>
        {
            options.BaseAddress = service.BaseAddress;
            options.MaxAnswerBytes = HostileAnswers.MaxAnswerBytes;
        }),
        options =>
        {
            options.MaxConcurrency = MaxConcurrency;
            options.Retry.MaxAttempts = 3;
            options.Timeout = new() { Attempt = Speed * TimeSpan.FromMilliseconds(500), Lookup = TimeSpan.FromDays(1) };
            options.Gate = new() { MaxRetryAfter = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromDays(30) };
            options.Bounds.HeldVerdicts = HeldVerdicts;
        },
        new HastyClock(Speed));
}
