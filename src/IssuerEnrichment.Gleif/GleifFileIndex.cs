using IssuerEnrichment.Gleif.Files;

namespace IssuerEnrichment;

/// <summary>Builds the index for <c>AddGleifFileIssuerClient</c> in advance, from a file or a stream.</summary>
public static class GleifFileIndex
{
    /// <summary>Builds an index of GLEIF's file of LEIs and ISINs, and replaces an older one.</summary>
    /// <remarks>About 9 million rows take several seconds and 250 MB of memory.</remarks>
    /// <param name="path">The file, zipped or not.</param>
    /// <param name="indexPath">The path of the index.</param>
    /// <param name="cancellationToken">Cancels the operation. An older index is kept.</param>
    /// <exception cref="InvalidDataException">The file is not GLEIF's; the message says why.</exception>
    public static GleifFileSummary Build(string path, string indexPath, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        FileInfo source = new(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        (IsinRows rows, DateTimeOffset? date) = IsinFileReader.Read(file, source.Name, cancellationToken);
        return IsinIndexWriter.Write(rows, indexPath, date ?? source.LastWriteTimeUtc, source);
    }

    /// <summary>
    /// Builds an index of the file unless there is one that is up to date, as <c>AddGleifFileIssuerClient</c> does at the first lookup.
    /// </summary>
    /// <param name="path">The file, zipped or not.</param>
    /// <param name="indexPath">The path of the index; null means <paramref name="path"/> with <c>.index</c> appended.</param>
    /// <param name="cancellationToken">Cancels the operation. An older index is kept.</param>
    /// <returns>A summary of the file.</returns>
    /// <exception cref="InvalidDataException">The file is not GLEIF's; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be read, or the index cannot be written.</exception>
    public static GleifFileSummary Prepare(string path, string? indexPath = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using IsinIndex index = IsinIndex.OpenOrBuild(path, indexPath, _ => { }, cancellationToken);
        return index.Summary;
    }

    /// <summary>Builds an index from a stream, such as a download.</summary>
    /// <param name="file">The file, zipped or not. A stream that does not support seeking is copied to a temporary file.</param>
    /// <param name="indexPath">The path of the index.</param>
    /// <param name="dataDate">When GLEIF created the file; null means to use the date in a zip, if there is one.</param>
    /// <param name="cancellationToken">Cancels the operation. An older index is kept.</param>
    /// <exception cref="InvalidDataException">The file is not GLEIF's; the message says why.</exception>
    public static GleifFileSummary Build(
        Stream file, string indexPath, DateTimeOffset? dataDate = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        (IsinRows rows, DateTimeOffset? date) = IsinFileReader.Read(file, name: "", cancellationToken);
        return IsinIndexWriter.Write(rows, indexPath, dataDate ?? date, source: null);
    }
}
