namespace IssuerEnrichment.Telemetry;

/// <summary>Text from outside, made fit for one line of a log or a message: bounded, and without control characters that could forge another line.</summary>
internal static class LogText
{
    private const int Longest = 200;

    public static string Of(string? text)
    {
        text ??= "";
        string bounded = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
        return string.Create(bounded.Length, bounded, static (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
    }
}
