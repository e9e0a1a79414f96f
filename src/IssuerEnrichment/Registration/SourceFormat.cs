using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Registration;

/// <summary>Finds the attribute that a source loads.</summary>
internal static class SourceFormat
{
    /// <summary>Returns the format of a source's answers: ISINs, unless the source was registered with another attribute.</summary>
    public static AnswerFormat GetFormat(this IServiceProvider provider, string source) =>
        provider.GetKeyedService<AnswerFormat>(source) ?? AnswerFormat.Isins;
}
