using CsCheck;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Http;

public sealed class RateHeadersProperties
{
    private static readonly string[] Names =
    [
        "Retry-After", "Retry-After-Ms", "X-Ms-Retry-After-Ms", "Date", "Age", "RateLimit", "RateLimit-Policy", "X-RateLimit-Policy",
        "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset",
        "X-RateLimit-Reset-After", "X-RateLimit-Remaining-Requests", "X-RateLimit-Reset-Requests",
    ];

    private static readonly string[] Pieces =
    [
        "\"a\"", "\"", "\\", ";", ",", "=", " ", "r=", "t=", "q=", "w=", "qu=", "limit=", "remaining=", "reset=",
        "h", "m", "s", "ms", "us", "d", " UTC", " +0000", "-", "+", ".", "e5", "0", "17", "1e308", "1700000000", "1700000000000", "9223372036854775807", "99999999999999999999",
        "Sun, 22 Nov 2026 12:00:30 GMT", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", " (", "NaN", "-Infinity",
    ];

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Char[' ', '~'].Array[0, 30].Select(characters => new string(characters)),
        Gen.OneOf(Pieces).Array[0, 8].Select(pieces => string.Concat(pieces)));

    private static readonly Gen<string[]> Lines = Gen.Select(Gen.OneOf(Names), Value, (name, value) => $"{name}: {value}").Array[1, 6];

    [Fact]
    public void No_text_makes_it_throw_or_wait_too_long() =>
        Gen.Select(Lines, Gen.DateTimeOffset).Sample(
            (lines, now) =>
            {
                (TimeSpan? retryAfter, (long? remaining, TimeSpan? reset, long? limit, TimeSpan? window)) =
                    RateHeaders.Read(RateHeadersTests.Headers(lines), now) ?? new RateHint(null, default);
                return IsWait(retryAfter) && IsWait(reset) && !(remaining < 0) && !(limit < 0) && !(window <= TimeSpan.Zero);
            },
            iter: 50_000);

    [Fact]
    public void Of_two_different_quotas_exactly_one_is_tighter() =>
        Gen.Select(Quota, Quota).Sample((one, other) => one.IsTighterThan(other) ^ other.IsTighterThan(one) ^ one == other);

    private static Gen<RateQuota> Quota => Gen.Select(
        Gen.Long[0, 3], Gen.Int[0, 3], (left, reset) => new RateQuota(left, TimeSpan.FromSeconds(reset), null, null));

    private static bool IsWait(TimeSpan? wait) => wait is null || (wait >= TimeSpan.Zero && wait <= ServiceClock.MaxWait);
}
