using System.Globalization;

namespace EnrichIssuers.Job;

/// <summary>Prepares GLEIF's daily file before any output is opened.</summary>
internal static class GleifFile
{
    /// <summary>Builds the index of the file, unless it exists, and reports skipped rows.</summary>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static async Task PrepareAsync(string path, CancellationToken stop)
    {
        try
        {
            GleifFileSummary file = await Task.Run(() => GleifFileIndex.Prepare(path, cancellationToken: stop), stop);
            if (file.Skipped > 0)
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{file.Skipped:N0} of {file.Rows:N0} rows of {path} cannot be read, so answers may be incomplete."));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException($"GLEIF's file {path} cannot be used: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
