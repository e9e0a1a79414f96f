namespace IssuerEnrichment.Registration;

/// <summary>What a source is called in a sentence.</summary>
internal static class SourceName
{
    public static string Of(string source) => source.Length == 0 ? "the default source" : $"the source '{source}'";

    /// <summary>Says which source a problem is of, where there may be several.</summary>
    public static string Qualify(string source, string problem) => source.Length == 0 ? problem : $"Source '{source}': {problem}";
}
