using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using IssuerEnrichment.Throttling;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>What an answer means, by its status, its headers and its body, or by what was thrown in its place.</summary>
public sealed class AnswerJudgeTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(200, null, AnswerMeaning.Good)]
    [InlineData(202, null, AnswerMeaning.Good)]
    [InlineData(202, "Retry-After: 1", AnswerMeaning.NotReady)]
    [InlineData(404, null, AnswerMeaning.NotFound)]
    [InlineData(410, null, AnswerMeaning.Rejected)]
    [InlineData(400, "Retry-After: 1", AnswerMeaning.Rejected)]
    [InlineData(304, null, AnswerMeaning.Rejected)]
    [InlineData(401, null, AnswerMeaning.Denied)]
    [InlineData(403, null, AnswerMeaning.Denied)]
    [InlineData(407, null, AnswerMeaning.Denied)]
    [InlineData(403, "Retry-After: 60", AnswerMeaning.Throttled)]
    [InlineData(403, "X-RateLimit-Remaining: 0", AnswerMeaning.Throttled)]
    [InlineData(403, "X-RateLimit-Remaining: 7", AnswerMeaning.Denied)]
    [InlineData(429, null, AnswerMeaning.Throttled)]
    [InlineData(503, null, AnswerMeaning.Overloaded)]
    [InlineData(529, null, AnswerMeaning.Overloaded)]
    [InlineData(503, "Retry-After: 1", AnswerMeaning.Throttled)]
    [InlineData(503, "RateLimit-Remaining: 0", AnswerMeaning.Throttled)]
    [InlineData(503, "RateLimit-Remaining: 7", AnswerMeaning.Overloaded)]
    [InlineData(500, null, AnswerMeaning.Broken)]
    [InlineData(502, "Retry-After: 3", AnswerMeaning.Broken)]
    [InlineData(504, null, AnswerMeaning.Broken)]
    [InlineData(408, null, AnswerMeaning.Broken)]
    public void Of_a_status_and_a_header(int status, string? header, object meaning)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status);
        if (header?.Split(": ") is [var name, var value])
            response.Headers.TryAddWithoutValidation(name, value);

        AnswerJudge.Judge(response, Now).Meaning.Should().Be((AnswerMeaning)meaning);
        if (meaning is not AnswerMeaning.Good)
            AnswerJudge.Judge(IssuerServiceException.FromResponse(response)).Meaning
                .Should().Be(meaning is AnswerMeaning.NotFound ? AnswerMeaning.Rejected : (AnswerMeaning)meaning, "a client's exception says the same");
    }

    [Theory]
    [InlineData("text/html", """{"data":{"isins":[]}}""", AnswerMeaning.Good)]
    [InlineData("text/html; charset=utf-8", "\uFEFF  [1]", AnswerMeaning.Good)]
    [InlineData("text/html", "\r\n <!doctype html>", AnswerMeaning.Broken)]
    [InlineData("text/html", "", AnswerMeaning.Good)]
    [InlineData("application/json", "<!doctype html>", AnswerMeaning.Good)]
    public async Task A_body_is_judged_by_its_content_not_by_its_content_type(string type, string body, object meaning)
    {
        using HttpResponseMessage response = new() { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        AnswerJudge.Judge(response, Now).Meaning.Should().Be((AnswerMeaning)meaning);

        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Should().Equal(Encoding.UTF8.GetBytes(body), "it is read again");
    }

    public static TheoryData<Exception, object, bool> Exceptions => new()
    {
        { new BrokenCircuitException(), AnswerMeaning.Throttled, false },
        { new RateLimiterRejectedException(TimeSpan.FromSeconds(1)), AnswerMeaning.Throttled, false },
        { new TimeoutRejectedException(), AnswerMeaning.Broken, false },
        { new CutShortException(new OperationCanceledException()), AnswerMeaning.Impatience, false },
        { new OperationCanceledException(), AnswerMeaning.Broken, false },
        { new HttpRequestException("", new SocketException((int)SocketError.ConnectionRefused)), AnswerMeaning.Broken, true },
        { new HttpRequestException(HttpRequestError.NameResolutionError), AnswerMeaning.Broken, true },
        { new HttpRequestException("", new SocketException((int)SocketError.ConnectionReset)), AnswerMeaning.Broken, false },
        { new HttpRequestException(HttpRequestError.SecureConnectionError, "", new AuthenticationException("certificate")), AnswerMeaning.Denied, false },
        { new HttpRequestException(HttpRequestError.ProxyTunnelError, "The proxy failed with status code '407'."), AnswerMeaning.Denied, false },
        { new HttpRequestException(HttpRequestError.ProxyTunnelError, "The proxy failed with status code '503'."), AnswerMeaning.Broken, false },
        { new HttpRequestException("", null, HttpStatusCode.TooManyRequests), AnswerMeaning.Throttled, false },
        { new InvalidCastException(), AnswerMeaning.None, false },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void An_exception_has_a_meaning(Exception exception, object meaning, bool isUnreachable)
    {
        Judgement judgement = AnswerJudge.Judge(exception);

        judgement.Meaning.Should().Be((AnswerMeaning)meaning);
        judgement.IsUnreachable.Should().Be(isUnreachable);
        judgement.Error!.Message.Should().EndWith(".");
    }

    public static TheoryData<Exception, string> Remedies => new()
    {
        { new TimeoutRejectedException(TimeSpan.FromSeconds(2.5)), "No answer within 2.5 s (Timeout.Attempt, or the rest of Timeout.Lookup)." },
        { new TimeoutRejectedException(TimeSpan.FromMilliseconds(1)), "The timeout for all attempts of the lookup expired (Timeout.Lookup)." },
        {
            new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known (nosuch:80)"),
            "The connection failed: Name or service not known (nosuch:80); check BaseAddress."
        },
        {
            new HttpRequestException(
                HttpRequestError.ConnectionError, "Connection refused (localhost:81).", new SocketException((int)SocketError.ConnectionRefused)),
            "The connection failed: Connection refused (localhost:81); check BaseAddress."
        },
        {
            new HttpRequestException(HttpRequestError.ConnectionError, "It was reset", new SocketException((int)SocketError.ConnectionReset)),
            "The connection failed: It was reset."
        },
    };

    [Theory]
    [MemberData(nameof(Remedies), DisableDiscoveryEnumeration = true)]
    public void Names_the_option_that_may_help(Exception exception, string message) =>
        AnswerJudge.Judge(exception).Error!.Message.Should().Be(message);

    [Fact]
    public void An_answer_of_a_proxy_is_reported_as_the_proxy_s() =>
        AnswerJudge.Judge(new HttpRequestException(HttpRequestError.ProxyTunnelError, "status code '407'.")).Error!.Message.Should().StartWith("A proxy ");

    [Fact]
    public void A_process_without_free_file_handles_waits()
    {
        Exception[] exceptions =
        [
            new HttpRequestException(HttpRequestError.ConnectionError, "", new SocketException((int)SocketError.TooManyOpenSockets)),
            new FileLoadException("", new IOException("Too many open files", 24)),
        ];

        exceptions.Select(AnswerJudge.Judge).Should().OnlyContain(judgement =>
            judgement.Meaning == AnswerMeaning.Throttled && judgement.Error!.Message.Contains("ulimit -n"));
    }
}
