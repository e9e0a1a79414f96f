using System.Globalization;

namespace EnrichIssuers.Job;

/// <summary>GLEIF's daily file, which is read before anything else is touched.</summary>
internal static class GleifFile
{
    /// <summary>Reads the file, unless that has been done, and says what was skipped.</summary>
    /// <exception cref="UsageException">It cannot be used.</exception>
    public static async Task PrepareAsync(string path, CancellationToken stop)
    {
        try
        {
            GleifFileSummary file = await Task.Run(() => GleifFileIndex.Prepare(path, cancellationToken: stop), stop);
            if (file.Skipped > 0)
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{file.Skipped:N0} of {file.Rows:N0} rows of {path} cannot be read, so no answer is known to be complete."));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException($"GLEIF's file {path} cannot be used: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
