using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing.Faults;

/// <summary>Each fault looks on the wire as it says.</summary>
public sealed class WireFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_answers_that_status_and_when_to_come_back()
    {
        await using RunningService running = await RunningService.StartAsync(
            new StatusFault(503, 1) { RetryAfter = TimeSpan.FromMilliseconds(1_500) });

        using HttpResponseMessage response = await running.GetAsync("7");

        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Reset_resets_the_connection_once_for_each_request()
    {
        // On a connection that has served a request before, an orderly end would make HttpClient repeat the next one unasked.
        await using RunningService running = await RunningService.StartAsync(new AfterTheFirst(new ResetFault(1)));
        await running.StatusAsync("1");

        Func<Task> second = () => running.GetAsync("2");

        (await second.Should().ThrowAsync<HttpRequestException>())
            .Which.GetBaseException().Should().BeOfType<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
        running.Service.Statistics.AnswersByStatus.Should().Equal(new Dictionary<int, int> { [0] = 1, [200] = 1 });
    }

    [Fact]
    public async Task Truncated_announces_more_than_it_sends()
    {
        await using RunningService running = await RunningService.StartAsync(new TruncatedFault(1));
        using HttpResponseMessage response = await running.Client.GetAsync(
            new Uri("1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);

        Func<Task> read = () => response.Content.ReadAsByteArrayAsync(Token);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await read.Should().ThrowAsync<HttpRequestException>())
            .Which.GetBaseException().Should().BeOfType<HttpIOException>()
            .Which.HttpRequestError.Should().Be(HttpRequestError.ResponseEnded);
        running.Service.Statistics.AnswersByStatus.Should().Equal(new Dictionary<int, int> { [0] = 1 });
    }

    [Fact]
    public async Task Malformed_is_complete_on_the_wire_and_no_json()
    {
        await using RunningService running = await RunningService.StartAsync(new MalformedFault(1));

        using HttpResponseMessage response = await running.GetAsync("1");
        string body = await response.Content.ReadAsStringAsync(Token);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        body.Should().StartWith("{\"data\":").And.HaveLength((int)response.Content.Headers.ContentLength!);
        FluentActions.Invoking(() => JsonDocument.Parse(body)).Should().Throw<JsonException>();
    }

    [Fact]
    public async Task Html_is_a_page_with_status_200()
    {
        await using RunningService running = await RunningService.StartAsync(new HtmlFault(1));

        using HttpResponseMessage response = await running.GetAsync("1");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await response.Content.ReadAsStringAsync(Token)).Should().StartWith("<!DOCTYPE html>");
    }

    [Fact]
    public async Task Hang_lasts_until_the_service_stops()
    {
        Announced hang = new(new HangFault(1));
        await using RunningService running = await RunningService.StartAsync(hang);
        Task<HttpResponseMessage> answer = running.GetAsync("1");
        await hang.Arrived.WaitAsync(TimeSpan.FromSeconds(10), Token);

        answer.IsCompleted.Should().BeFalse();
        running.Service.Statistics.InFlight.Should().Be(1);

        await running.Service.DisposeAsync();
        await FluentActions.Awaiting(() => answer).Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task A_hanging_request_ends_when_its_caller_gives_up()
    {
        Announced hang = new(new HangFault(1));
        await using RunningService running = await RunningService.StartAsync(hang);
        using CancellationTokenSource patience = new();
        Task<HttpResponseMessage> answer = running.Client.GetAsync(new Uri("1", UriKind.Relative), patience.Token);
        await hang.Arrived.WaitAsync(TimeSpan.FromSeconds(10), Token);

        await patience.CancelAsync();
        await FluentActions.Awaiting(() => answer).Should().ThrowAsync<OperationCanceledException>();

        Func<Task> left = () => hang.Left.WaitAsync(TimeSpan.FromSeconds(10), Token);
        await left.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Drip_sends_the_correct_answer_byte_by_byte()
    {
        await using RunningService running = await RunningService.StartAsync(new DripFault(1) { Interval = TimeSpan.FromMilliseconds(1) });
        await using Stream stream = await running.Client.GetStreamAsync(new Uri("7", UriKind.Relative), Token);

        List<byte> received = [];
        List<int> reads = [];
        byte[] buffer = new byte[1_024];
        for (int count; (count = await stream.ReadAsync(buffer, Token)) > 0; reads.Add(count))
            received.AddRange(buffer[..count]);

        JsonSerializer.Deserialize<Answer>(received.ToArray(), JsonSerializerOptions.Web)!.Data.Id.Should().Be("7");
        reads.Should().HaveCountGreaterThan(received.Count / 4, "the bytes come one at a time, although some may be read together");
    }

    [Fact]
    public async Task Huge_is_the_correct_answer_after_its_padding()
    {
        await using RunningService running = await RunningService.StartAsync(new HugeFault(1) { Size = 1_000_000 });

        using HttpResponseMessage response = await running.GetAsync("7");
        byte[] body = await response.Content.ReadAsByteArrayAsync(Token);

        body.Length.Should().BeInRange(1_000_000, 1_100_000);
        JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web)!.Data.Id.Should().Be("7");
    }

    [Fact]
    public async Task A_fault_of_ones_own_takes_a_few_lines()
    {
        await using RunningService running = await RunningService.StartAsync(new TeapotFault(1));

        (await running.StatusAsync("7")).Should().Be(418);
    }

    private sealed class TeapotFault(double share) : RandomFault(share)
    {
        protected override Task AnswerAsync(IssuerRequest request) => request.AnswerAsync(418);
    }

    private sealed class AfterTheFirst(Fault fault) : Fault
    {
        public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
        {
            IssuerRequestHandler faulty = fault.Wrap(inner);
            return request => request.Number == 1 ? inner(request) : faulty(request);
        }
    }

    /// <summary>Tells when a request has come to a fault, and how it left it.</summary>
    private sealed class Announced(Fault fault) : Fault
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => _arrived.Task;

        public Task Left => _left.Task;

        public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
        {
            IssuerRequestHandler faulty = fault.Wrap(inner);
            return async request =>
            {
                Task answered = faulty(request);
                _arrived.SetResult();
                await answered.ContinueWith(_left.SetFromTask, TaskScheduler.Default);
                await answered;
            };
        }
    }
}
