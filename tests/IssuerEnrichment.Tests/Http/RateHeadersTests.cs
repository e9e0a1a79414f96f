using System.Globalization;
using System.Net.Http.Headers;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Http;

public sealed class RateHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly long Epoch = Now.ToUnixTimeSeconds();
    private static readonly RateHint Nothing = new(null, default);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("58", 58)]
    [InlineData(" 58 ", 58)]
    [InlineData("1.5", 1.5)]
    [InlineData("-3", 0)]
    [InlineData("86400", 3600)]
    [InlineData("99999999999999999999999999", 3600)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Sunday, 22-Nov-26 12:00:30 GMT", 30)]
    [InlineData("Sun Nov 22 12:00:30 2026", 30)]
    [InlineData("2026-11-22T12:00:30Z", 30)]
    [InlineData("2026-11-22T13:00:30.250+01:00", 30.25)]
    [InlineData("2026-11-22 12:00:30", 30)]
    [InlineData("Sun, 22 Nov 2026 11:59:30 GMT", 0)]
    [InlineData("Tue, 01 Jan 2999 00:00:00 GMT", 3600)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 UTC", 30)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 +0000", 30)]
    [InlineData("Sun, 22 Nov 2026 13:00:30 +0100", 30)]
    [InlineData("Sun Nov 22 12:00:30 2026 UTC", 30)]
    [InlineData("2026-11-22 12:00:30 UTC", 30)] // Ruby
    [InlineData("2026-11-22 12:00:30 +0000", 30)]
    [InlineData("2026-11-22 12:00:30.5 +0000 UTC", 30.5)] // Go
    [InlineData("2s", 2)]
    [InlineData("500ms", 0.5)]
    [InlineData("1m30s", 90)]
    [InlineData("6m0s", 360)] // OpenAI
    [InlineData("1h23m31s", 3600)] // Groq
    [InlineData("7.66s", 7.66)]
    [InlineData("250us", 0.00025)]
    [InlineData("1d", 3600)]
    [InlineData("-2s", 0)]
    public void Retry_After_is_seconds_or_a_time_with_units_or_a_date(string value, double seconds) =>
        Read($"Retry-After: {value}").RetryAfter.Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e9999")]
    [InlineData("12:30")]
    [InlineData("0x10")]
    [InlineData("Mon, 22 Nov 2026 12:00:30 GMT")] // It was a Sunday.
    [InlineData("Sun, 22 Nov 2026 12:00:30 EST")]
    [InlineData("s")]
    [InlineData("2s3")]
    [InlineData("2 fortnights")]
    [InlineData("1..5s")]
    [InlineData("--2s")]
    [InlineData("-")]
    public void A_malformed_value_counts_as_absent(string value)
    {
        Read($"Retry-After: {value}", $"RateLimit-Reset: {value}", $"X-RateLimit-Remaining: {value}", $"RateLimit: \"a\";r={value};t=1")
            .Should().Be(Nothing);
        Read($"RateLimit-Remaining: {value}", "X-RateLimit-Remaining: 7").Quota.Remaining.Should().Be(7);
    }

    [Fact]
    public void The_longer_of_two_Retry_After_counts() =>
        Read("Retry-After: 10", "Retry-After: Sun, 22 Nov 2026 12:01:00 GMT", "Retry-After: soon")
            .RetryAfter.Should().Be(TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData("Retry-After: 10, 60", 60)] // Joined by a proxy.
    [InlineData("Retry-After: 60, soon, 10", 60)]
    [InlineData("Retry-After-Ms: 1200", 1.2)] // OpenAI, Azure
    [InlineData("retry-after-ms: 1200 | Retry-After: 2", 1.2)]
    [InlineData("Retry-After: 2 | retry-after-ms: 1200", 1.2)]
    [InlineData("retry-after-ms: 0.5", 0.0005)]
    [InlineData("retry-after-ms: 1200 | retry-after-ms: 1300", 1.3)]
    [InlineData("retry-after-ms: soon | Retry-After: 2", 2)]
    [InlineData("retry-after-ms: 0 | Retry-After: 2", 0)]
    [InlineData("retry-after-ms: -5", 0)]
    [InlineData("retry-after-ms: 99999999", 3600)]
    [InlineData("x-ms-retry-after-ms: 33", 0.033)] // Cosmos DB
    [InlineData("x-ms-retry-after-ms: 33 | Retry-After: 1", 0.033)]
    [InlineData("x-ms-retry-after-ms: 33 | retry-after-ms: 34", 0.034)]
    public void Milliseconds_win_over_seconds_and_the_longest_of_a_kind_counts(string headers, double seconds) =>
        Read(headers.Split(" | ")).RetryAfter.Should().Be(TimeSpan.FromSeconds(seconds));

    // Headers | remaining | reset, seconds | limit | window, seconds; "-" is null.
    [Theory]
    [InlineData("RateLimit: \"default\";r=50;t=30", "50 30 - -")]
    [InlineData("RateLimit: \"default\";r=50;t=30 | RateLimit-Policy: \"default\";q=100;w=60", "50 30 100 60")]
    [InlineData("RateLimit: default;r=0;t=30 | RateLimit-Policy: \"default\";q=100;w=60", "0 30 100 60")] // A token for a name.
    [InlineData("RateLimit: \"a\";pk=:cHsdsRa894==:;r=9", "9 - - -")]
    [InlineData("RateLimit: \"a,;\\\"b\";x=\"r=1;t=2\";r=9;t=3", "9 3 - -")] // Separators inside quotes.
    [InlineData("RateLimit-Policy: \"burst\";q=100;w=60,\"daily\";q=1000;w=86400", "- - 100 60")]
    [InlineData(
        "RateLimit: \"burst\";r=50;t=30, \"daily\";r=20;t=3000 | RateLimit-Policy: \"burst\";q=100;w=60,\"daily\";q=1000;w=86400",
        "20 3000 1000 86400")]
    [InlineData("RateLimit: \"burst\";r=0;t=30, \"daily\";r=0;t=3000", "0 3000 - -")] // Both have to pass.
    [InlineData("RateLimit: \"burst\";r=2;t=1 | RateLimit: \"daily\";r=3;t=3000", "2 1 - -")] // A list over two lines.
    [InlineData("RateLimit: \"ok\";r=5;t=1, \"bad\";r=x;t=9, ;;=, r=0;t=9", "5 1 - -")]
    [InlineData("RateLimit: \"a\";r=5;t=1 | RateLimit-Policy: \"a\";q=65535;qu=\"content-bytes\";w=10", "5 1 - -")]
    [InlineData("RateLimit-Policy: \"b\";q=9;qu=\"content-bytes\";w=10, \"a\";q=20;qu=\"requests\";w=1", "- - 20 1")]
    [InlineData("RateLimit: limit=100, remaining=50, reset=30", "50 30 100 -")]
    [InlineData("RateLimit: limit=100, remaining=50, reset=5 | RateLimit-Policy: 100;w=10", "50 5 100 10")]
    [InlineData("RateLimit: limit=100,remaining=99,reset=50 | RateLimit-Policy: 10;w=1, 100;w=60;comment=\"5;w=1\"", "99 50 100 60")]
    [InlineData("RateLimit: limit=10, reset=4", "- 4 10 -")] // The rest is optional in draft 7.
    [InlineData("ratelimit-limit: 5 | ratelimit-remaining: 4 | ratelimit-reset: 60", "4 60 5 -")]
    [InlineData("ratelimit-limit: 25 | ratelimit-policy: 25;w=60 | ratelimit-remaining: 0 | ratelimit-reset: 58", "0 58 25 60")] // OpenFIGI
    [InlineData("x-ratelimit-limit: 10, 10;w=1, 50;w=60 | x-ratelimit-remaining: 9 | x-ratelimit-reset: 1", "9 1 10 1")] // Envoy
    [InlineData(
        "X-RateLimit-Limit: 1, 2000 | X-RateLimit-Policy: 1;w=1, 2000;w=2592000 | X-RateLimit-Remaining: 1, 0 | X-RateLimit-Reset: 1, 1419",
        "0 1419 2000 2592000")] // Brave Search
    [InlineData("X-Rate-Limit-Limit: 10000 | X-Rate-Limit-Remaining: 0 | X-Rate-Limit-Reset: 60", "0 60 10000 -")]
    [InlineData("X-RateLimit-Limit: 5 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset-After: 1.234", "0 1.234 5 -")] // Discord
    [InlineData("X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1795348900 | X-RateLimit-Reset-After: 470.5", "0 470.5 - -")]
    [InlineData("X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 7 | X-RateLimit-Reset-After: soon", "0 7 - -")]
    [InlineData(
        "x-ratelimit-limit-requests: 60 | x-ratelimit-limit-tokens: 150000 | x-ratelimit-remaining-requests: 59 | x-ratelimit-remaining-tokens: 0"
        + " | x-ratelimit-reset-requests: 1s | x-ratelimit-reset-tokens: 6m0s",
        "59 1 60 -")] // OpenAI
    [InlineData("x-ratelimit-remaining-requests: 942 | x-ratelimit-reset-requests: 16m40.5s", "942 1000.5 - -")] // Groq
    [InlineData("X-RateLimit-Remaining: 5 | X-RateLimit-Remaining: 5 | X-RateLimit-Reset: 9 | X-RateLimit-Reset: 9", "5 9 - -")]
    [InlineData("X-RateLimit-Remaining: 5 | X-RateLimit-Remaining: 3 | X-RateLimit-Reset: 9 | X-RateLimit-Reset: 8", "3 8 - -")]
    [InlineData(
        "X-RateLimit-Remaining: 5 | X-RateLimit-Remaining: 5"
        + " | X-RateLimit-Reset: Sun, 22 Nov 2026 12:00:20 GMT | X-RateLimit-Reset: Sun, 22 Nov 2026 12:00:30 UTC",
        "5 30 - -")]
    [InlineData("RateLimit: limit=100, remaining=0, reset=30 | Age: 0, 17", "- - - -")]
    [InlineData("X-RateLimit-Remaining: -1 | X-RateLimit-Limit: 5.5", "- - - -")]
    [InlineData("X-RateLimit-Reset: 0", "- 0 - -")]
    [InlineData("RateLimit: \"a\";r=1;t=2 | RateLimit-Remaining: 3 | X-RateLimit-Remaining: 4", "1 2 - -")]
    [InlineData("RateLimit-Remaining: 3 | X-RateLimit-Remaining: 4", "3 - - -")]
    [InlineData("RateLimit: limit=100, remaining=0, reset=30 | Age: 17", "- - - -")] // From a cache.
    [InlineData("RateLimit: limit=100, remaining=0, reset=30 | Age: 0", "0 30 100 -")]
    public void Every_dialect_of_quota_is_read(string headers, string quota) =>
        Write(Read(headers.Split(" | ")).Quota).Should().Be(quota);

    // Some services count a reset in milliseconds: Blockscout, Mimecast.
    [Theory]
    [InlineData("X-RateLimit-Reset: 59", 59)]
    [InlineData("X-RateLimit-Reset: 434", 60)]
    [InlineData("X-RateLimit-Reset: 34000", 60)]
    [InlineData("RateLimit-Reset: 34000", 60)]
    [InlineData("X-RateLimit-Reset: 600s", 600)] // With a unit there is no doubt,
    [InlineData("X-RateLimit-Reset: 1795349400", 600)] // nor about an instant.
    [InlineData("RateLimit: \"a\";r=0;t=600", 600)] // Seconds by the standard.
    [InlineData("X-RateLimit-Limit: 50 | X-RateLimit-Policy: 50;w=60 | X-RateLimit-Reset: 34000", 34)]
    [InlineData("X-RateLimit-Limit: 50 | X-RateLimit-Policy: 50;w=60 | X-RateLimit-Reset: 61", 61)]
    [InlineData("X-RateLimit-Limit: 50 | X-RateLimit-Policy: 50;w=86400 | X-RateLimit-Reset: 34000", 3600)]
    [InlineData("X-RateLimit-Limit: 50 | X-RateLimit-Policy: 50;w=3600 | X-RateLimit-Reset: 3000", 3000)]
    [InlineData("X-RateLimit-Limit: 50, 50;w=1 | X-RateLimit-Reset: 2", 2)] // Rounded up.
    [InlineData("X-RateLimit-Limit: 50, 50;w=1 | X-RateLimit-Reset: 850", 0.85)]
    [InlineData("X-RateLimit-Limit: 50, 50;w=1 | X-RateLimit-Reset: 34000", 1)]
    public void A_reset_that_may_be_in_milliseconds_is_believed_as_far_as_it_is_certain(string headers, double seconds) =>
        Read(headers.Split(" | ")).Quota.Reset.Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("Date: Wed, 17 Jul 2019 00:58:17 GMT | RateLimit-Remaining: 594 | RateLimit-Reset: 1563325137", 40)] // GitLab
    [InlineData("Date: Thu, 30 Jan 2020 14:14:16 GMT | RateLimit-Remaining: 595 | RateLimit-Reset: 1580393717", 61)]
    [InlineData("Date: Mon, 01 Jul 2013 17:47:06 GMT | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1372700873", 47)] // GitHub
    [InlineData("Date: Mon, 01 Jul 2013 17:47:06 GMT | X-RateLimit-Reset: 1372700873500", 47.5)]
    [InlineData("Date: Mon, 01 Jul 2013 17:47:06 GMT | X-RateLimit-Reset: Mon, 01 Jul 2013 17:47:16 GMT", 10)]
    [InlineData(
        "Date: Tue, 16 Feb 2021 08:02:40 GMT | X-RateLimit-Reset: Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)",
        2)] // lemlist
    public void An_instant_is_told_by_the_clock_of_the_service(string headers, double seconds) =>
        Read(headers.Split(" | ")).Quota.Reset.Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(-3 * 3600)]
    [InlineData(-90)]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(3 * 3600)]
    public void A_clock_that_is_wrong_by_hours_changes_no_wait(int skew)
    {
        string date = Now.AddSeconds(skew).ToString("R", CultureInfo.InvariantCulture);
        string later = Now.AddSeconds(skew + 30).ToString("R", CultureInfo.InvariantCulture);

        RateHint hint = Read($"Date: {date}", $"Retry-After: {later}", $"X-RateLimit-Reset: {Epoch + skew + 20}");

        hint.RetryAfter.Should().Be(TimeSpan.FromSeconds(30));
        hint.Quota.Reset.Should().Be(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Without_a_readable_Date_our_own_clock_is_used()
    {
        Read($"X-RateLimit-Reset: {Epoch + 20}").Quota.Reset.Should().Be(TimeSpan.FromSeconds(20));
        Read("Date: yesterday", $"X-RateLimit-Reset: {Epoch + 20}").Quota.Reset.Should().Be(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Of_several_Dates_the_first_that_is_readable_counts() =>
        Read("Date: yesterday", $"Date: {Now.AddHours(1):R}", $"Date: {Now:R}", $"X-RateLimit-Reset: {Epoch + 3_620}")
            .Quota.Reset.Should().Be(TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData("Retry-After: 5 | RateLimit: \"a\";r=0;t=30", true, 5.0)]
    [InlineData("Retry-After: 5 | RateLimit: \"a\";r=0;t=30", false, 5.0)]
    [InlineData("RateLimit: \"a\";r=0;t=30", true, 30.0)]
    [InlineData("RateLimit: \"a\";r=0;t=30", false, 30.0)]
    [InlineData("RateLimit: \"a\";r=1;t=30", true, 30.0)] // Refused all the same.
    [InlineData("RateLimit: \"a\";r=1;t=30", false, null)]
    [InlineData("RateLimit: \"a\";r=4000;t=3000", true, 60.0)] // Not this quota refused it.
    [InlineData("X-RateLimit-Remaining: 4000 | X-RateLimit-Reset: 1795351800", true, 60.0)] // GitHub
    [InlineData("X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1795351800", true, 3000.0)]
    [InlineData("X-RateLimit-Remaining: 4000 | X-RateLimit-Reset: 1795351800 | Retry-After: 90", true, 90.0)]
    [InlineData("RateLimit: \"a\";r=0;t=0", true, 0.0)]
    [InlineData("Retry-After: -1", true, 0.0)]
    [InlineData("Retry-After: Sun, 22 Nov 2026 11:59:30 GMT", true, 0.0)]
    [InlineData("Retry-After: 2 | X-RateLimit-Remaining: 7", false, null)] // lemlist sends it with every answer.
    [InlineData("Server: x", true, null)]
    public void What_to_wait_is_Retry_After_or_else_the_reset(string headers, bool refused, double? seconds) =>
        (Read(headers.Split(" | ")).HoldBack(refused)?.TotalSeconds).Should().Be(seconds);

    [Fact]
    public void A_common_answer_costs_no_allocation()
    {
        HttpResponseHeaders headers = Headers("Date: Sun, 22 Nov 2026 12:00:00 GMT", "Server: nginx", "ETag: \"x\"", "X-Request-Id: 7");

        Allocations.During(() => RateHeaders.Read(headers, Now)).Should().Be(0);
    }

    internal static HttpResponseHeaders Headers(params string[] lines)
    {
        HttpResponseHeaders headers = new HttpResponseMessage().Headers;
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].TrimStart());
        }

        return headers;
    }

    private static RateHint Read(params string[] lines) => RateHeaders.Read(Headers(lines), Now) ?? Nothing;

    private static string Write(RateQuota quota) => string.Join(
        ' ',
        new double?[] { quota.Remaining, quota.Reset?.TotalSeconds, quota.Limit, quota.Window?.TotalSeconds }
            .Select(part => part?.ToString(CultureInfo.InvariantCulture) ?? "-"));
}
