using System.Net;
using System.Net.Http.Json;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing;

public sealed class IssuerTestServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("7")]
    [InlineData("a/b?c#d")]
    [InlineData("100%25 / ümlaut + \"quote\"")]
    [InlineData("発行体")]
    public async Task Answers_the_isins_of_any_id(string id)
    {
        await using RunningService running = await RunningService.StartAsync();

        using HttpResponseMessage response = await running.GetAsync(id);
        Answer? answer = await response.Content.ReadFromJsonAsync<Answer>(Token);

        answer!.Data.Id.Should().Be(id);
        answer.Data.Isins.Should().Equal(IssuerTestService.IsinsOf(id));
        running.Service.Statistics.RequestsById.Should().ContainSingle().Which.Key.Should().Be(id);
    }

    [Fact]
    public void Isins_have_check_digits_and_are_distinct_and_some_issuers_have_none()
    {
        IReadOnlyList<string>[] lists = [.. Enumerable.Range(1, 1_000).Select(n => IssuerTestService.IsinsOf($"{n}"))];

        lists.Select(list => list.Count).Distinct().Should().BeEquivalentTo([0, 1, 2, 3, 4, 5, 6]);
        lists.SelectMany(list => list).Should().OnlyHaveUniqueItems().And.OnlyContain(isin => Isin.IsValid(isin));
    }

    [Theory]
    [InlineData("GET", "/issuers/a/b")]
    [InlineData("GET", "/issuers/")]
    [InlineData("GET", "/")]
    [InlineData("POST", "/issuers/7")]
    public async Task Other_requests_are_answered_with_404(string method, string path)
    {
        await using RunningService running = await RunningService.StartAsync();
        using HttpRequestMessage request = new(new(method), new Uri(path, UriKind.Relative));

        using HttpResponseMessage response = await running.Client.SendAsync(request, Token);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        running.Service.Statistics.Requests.Should().Be(0);
    }

    [Fact]
    public async Task Counts_every_request_and_never_more_in_flight_than_there_were()
    {
        const int Workers = 8;
        await using RunningService running = await RunningService.StartAsync(new StatusFault(404, 0.2) { Permanent = true });

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            for (int n = 0; n < 50; n++)
                await running.StatusAsync($"{worker}");
        }));

        IssuerServiceStatistics statistics = running.Service.Statistics;
        statistics.Requests.Should().Be(Workers * 50);
        statistics.InFlight.Should().Be(0);
        statistics.MaxInFlight.Should().BeInRange(1, Workers);
        statistics.RequestsById.Should().HaveCount(Workers).And.OnlyContain(entry => entry.Value == 50);
        statistics.AnswersByStatus.Values.Sum().Should().Be(Workers * 50);
        statistics.ArrivalSeconds.Should().HaveCount(Workers * 50).And.BeInAscendingOrder();
    }

    [Fact]
    public async Task Sees_as_many_in_flight_as_there_are()
    {
        await using RunningService running = await RunningService.StartAsync(new MeetingFault(5));

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => running.StatusAsync($"{n}")));

        statuses.Should().OnlyContain(status => status == 200);
        running.Service.Statistics.MaxInFlight.Should().Be(5);
    }

    [Fact]
    public async Task Tells_its_statistics_over_http_until_they_are_reset()
    {
        await using RunningService running = await RunningService.StartAsync(new StatusFault(429, 1));
        await running.StatusAsync("é");

        IssuerServiceStatistics? told = await running.Client.GetFromJsonAsync<IssuerServiceStatistics>("/stats", Token);
        using HttpResponseMessage reset = await running.Client.PostAsync(new Uri("/stats/reset", UriKind.Relative), null, Token);

        told.Should().BeEquivalentTo(new { Requests = 1, InFlight = 0, MaxInFlight = 1, TooManyRequests = 1 });
        told!.RequestsById.Should().Equal(new Dictionary<string, int> { ["é"] = 1 });
        told.AnswersByStatus.Should().Equal(new Dictionary<int, int> { [429] = 1 });
        told.ToString().Should().Be("1 requests, at most 1 at a time: 1 × 429, 0 in flight; 0 throttled");
        reset.StatusCode.Should().Be(HttpStatusCode.NoContent);
        running.Service.Statistics.Requests.Should().Be(0);
    }

    [Fact]
    public void Statistics_read_well_as_text() => new IssuerServiceStatistics
    {
        Requests = 1_205,
        InFlight = 2,
        MaxInFlight = 8,
        RequestsById = new Dictionary<string, int>(),
        AnswersByStatus = new Dictionary<int, int> { [0] = 3, [429] = 100, [200] = 1_100 },
        ArrivalSeconds = [],
        Throttled = 100,
        ThrottledInFlight = 7,
        ThrottledInGrace = 9,
    }.ToString().Should().Be("1205 requests, at most 8 at a time: 1100 × 200, 100 × 429, 3 × no complete response, 2 in flight; 100 throttled");

    [Fact]
    public async Task A_reset_replays_the_script()
    {
        await using RunningService running = await RunningService.StartAsync(
            new OutageFault(TimeSpan.FromDays(1)) { AfterRequests = 5 }, new StatusFault(500, 0.5));

        List<int> first = await AskTenTimesAsync(running);
        running.Service.Reset();
        List<int> second = await AskTenTimesAsync(running);

        first.Should().Contain(500).And.Contain(503);
        second.Should().Equal(first);
    }

    [Fact]
    public async Task One_script_serves_two_services_that_share_nothing()
    {
        IssuerServiceScript script = new() { Faults = [new RateLimitFault(1, TimeSpan.FromDays(1))] };
        await using RunningService one = await RunningService.StartAsync(script);
        await using RunningService other = await RunningService.StartAsync(script);

        (await one.StatusAsync("7")).Should().Be(200);
        (await one.StatusAsync("7")).Should().Be(429);
        (await other.StatusAsync("7")).Should().Be(200);
    }

    [Fact]
    public async Task A_fault_that_throws_shows_its_author_the_exception()
    {
        await using RunningService running = await RunningService.StartAsync(new MistakenFault());

        using HttpResponseMessage response = await running.GetAsync("7");

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync(Token)).Should().Contain(nameof(MistakenFault));
        running.Service.Statistics.AnswersByStatus.Should().Equal(new Dictionary<int, int> { [500] = 1 });
    }

    private static async Task<List<int>> AskTenTimesAsync(RunningService running)
    {
        List<int> statuses = [];
        for (int n = 0; n < 10; n++)
            statuses.Add(await running.StatusAsync("7"));

        return statuses;
    }

    /// <summary>Answers nobody until so many have come.</summary>
    private sealed class MeetingFault(int size) : Fault
    {
        public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
        {
            TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return async request =>
            {
                if (request.InFlight == size)
                    complete.SetResult();

                await complete.Task;
                await inner(request);
            };
        }
    }

    private sealed class MistakenFault() : RandomFault(share: 1)
    {
        protected override Task AnswerAsync(IssuerRequest request) => throw new NotSupportedException(nameof(MistakenFault));
    }
}
