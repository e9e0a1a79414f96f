using System.Globalization;
using System.Text.Json.Serialization;

namespace EnrichIssuers.Demo;

/// <summary>The answers and the behavior of the demonstration's service, the same in every run.</summary>
internal static partial class DemoAnswers
{
    /// <summary>The issuer for which all requests fail.</summary>
    public const int BrokenIssuer = 5;

    /// <summary>The issuer for which every other request is answered with 503.</summary>
    public const int BusyIssuer = 2;

    private const int IssuerWithoutSecurities = 6;

    /// <summary>Returns the latency, from 0.4 to 1 s.</summary>
    public static TimeSpan LatencyOf(int issuer) => TimeSpan.FromMilliseconds(400 + (issuer * 370 % 601));

    public static Answer Of(int issuer) => new(new AnswerData(
        issuer, issuer == IssuerWithoutSecurities ? [] : [.. Enumerable.Range(1, 1 + (issuer % 3)).Select(n => IsinOf(issuer, n))]));

    // XS is the prefix of international securities. The numbers are invented.
    private static string IsinOf(int issuer, int ordinal)
    {
        string number = string.Create(CultureInfo.InvariantCulture, $"XS{issuer:0000}{ordinal:00000}");
        return number + Isin.ComputeCheckDigit(number);
    }

    internal sealed record Answer(AnswerData Data);

    internal sealed record AnswerData(int Id, string[] Isins);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Answer))]
    internal sealed partial class Json : JsonSerializerContext;
}
