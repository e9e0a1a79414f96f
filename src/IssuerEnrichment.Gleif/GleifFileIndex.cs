using IssuerEnrichment.Gleif.Files;

namespace IssuerEnrichment;

/// <summary>Makes the index that <c>AddGleifFileIssuerClient</c> answers from, for those who would rather do that ahead, or have no file but a stream.</summary>
public static class GleifFileIndex
{
    /// <summary>Reads GLEIF's file of LEIs and ISINs and writes an index of it, in the place of an older one.</summary>
    /// <remarks>Some 9 million rows take seconds and 250 MB of memory.</remarks>
    /// <param name="path">The file, zipped or not.</param>
    /// <param name="indexPath">Where to write the index.</param>
    /// <param name="cancellationToken">Gives up; an older index stays.</param>
    /// <exception cref="InvalidDataException">It is no file of GLEIF's; the message says why.</exception>
    public static GleifFileSummary Build(string path, string indexPath, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        FileInfo source = new(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        (IsinRows rows, DateTimeOffset? date) = IsinFileReader.Read(file, source.Name, cancellationToken);
        return IsinIndexWriter.Write(rows, indexPath, date ?? source.LastWriteTimeUtc, source);
    }

    /// <summary>Makes sure that there is an index of the file as it is now, as <c>AddGleifFileIssuerClient</c> does with its first question.</summary>
    /// <param name="path">The file, zipped or not.</param>
    /// <param name="indexPath">Where the index is; null means the path with <c>.index</c> appended.</param>
    /// <param name="cancellationToken">Gives up; an older index stays.</param>
    /// <returns>What was found in the file.</returns>
    /// <exception cref="InvalidDataException">It is no file of GLEIF's; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read, or the index cannot be written.</exception>
    public static GleifFileSummary Prepare(string path, string? indexPath = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using IsinIndex index = IsinIndex.OpenOrBuild(path, indexPath, _ => { }, cancellationToken);
        return index.Summary;
    }

    /// <summary>The same for a stream, such as a download.</summary>
    /// <param name="file">The file, zipped or not. One that cannot be sought in is kept in a temporary file meanwhile.</param>
    /// <param name="indexPath">Where to write the index.</param>
    /// <param name="dataDate">When GLEIF made the file; null means that a zip says it, or nobody.</param>
    /// <param name="cancellationToken">Gives up; an older index stays.</param>
    /// <exception cref="InvalidDataException">It is no file of GLEIF's; the message says why.</exception>
    public static GleifFileSummary Build(
        Stream file, string indexPath, DateTimeOffset? dataDate = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        (IsinRows rows, DateTimeOffset? date) = IsinFileReader.Read(file, name: "", cancellationToken);
        return IsinIndexWriter.Write(rows, indexPath, dataDate ?? date, source: null);
    }
}
