using Microsoft.Win32.SafeHandles;

namespace EnrichIssuers.Job;

/// <summary>Opens what the job reads and writes; what cannot be opened is wrong usage.</summary>
internal static class JobFile
{
    public static Stream OpenForReading(string path) => Open(
        "--ids", path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan));

    // Nobody else may have it open, so the ids cannot be overwritten while they are read.
    public static Stream OpenForWriting(string option, string path) => path == "-"
        ? OpenStandardOutput()
        : Open(option, path, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));

    // The console's stream takes a broken pipe for success, and the run would go on for nobody. A file's stream keeps a position of its own,
    // so it is no good where standard output is a file that others write to as well.
    private static Stream OpenStandardOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        FileStream stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    private static FileStream Open(string option, string path, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option} cannot be opened: {e.Message}", e);
        }
    }
}
