namespace IssuerEnrichment.Registration;

/// <summary>Formats the name of a source for messages.</summary>
internal static class SourceName
{
    public static string Of(string source) => source.Length == 0 ? "the default source" : $"the source '{source}'";

    /// <summary>Prefixes a problem with the name of its source, unless it is the default source.</summary>
    public static string Qualify(string source, string problem) => source.Length == 0 ? problem : $"Source '{source}': {problem}";
}
