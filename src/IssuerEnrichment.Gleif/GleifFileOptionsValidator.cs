using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Gleif;

/// <summary>Validates that there is a file or an index.</summary>
internal sealed class GleifFileOptionsValidator : IValidateOptions<GleifFileOptions>
{
    public ValidateOptionsResult Validate(string? name, GleifFileOptions options) => options switch
    {
        { Path: null, IndexPath: null } => ValidateOptionsResult.Fail("Path is not set; it must be GLEIF's file of LEIs and ISINs, or IndexPath an index of it."),
        { Path: { } path } when !File.Exists(path) => ValidateOptionsResult.Fail($"Path is '{path}'; there is no such file."),
        { Path: null, IndexPath: { } index } when !File.Exists(index) => ValidateOptionsResult.Fail($"IndexPath is '{index}'; there is no such file, and no Path to build it from."),
        _ => ValidateOptionsResult.Success,
    };
}
