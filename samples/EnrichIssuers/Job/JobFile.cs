using Microsoft.Win32.SafeHandles;

namespace EnrichIssuers.Job;

/// <summary>Opens what the job reads and writes; what cannot be opened is wrong usage.</summary>
/// <remarks>
/// What is read is held by a shared lock and what is written by an exclusive one. Locks belong to files, not to names, so an output that is an input by
/// another name is found out before anything is emptied.
/// </remarks>
internal static class JobFile
{
    private static int SharingViolation => OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Opens a file to read. The other end of a pipe may come later, or never: <paramref name="stop"/> ends the wait.</summary>
    public static Task<FileStream> OpenForReadingAsync(string option, string path, CancellationToken stop) => Task
        .Run(() => Open(option, path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan)))
        .WaitAsync(stop);

    /// <summary>Opens a file to write, which keeps its old content until <see cref="Begin"/>.</summary>
    public static async Task<Stream> OpenForWritingAsync(string option, string path, CancellationToken stop) => path == "-"
        ? OpenStandardOutput()
        : await Task
            .Run(() => Open(option, path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0)))
            .WaitAsync(stop);

    /// <summary>Keeps a file that somebody else reads or writes from becoming an output; null where it is not there yet.</summary>
    public static FileStream? Hold(string option, string? path) =>
        File.Exists(path) ? Open(option, path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) : null;

    /// <summary>Empties an output, now that there is something new to write.</summary>
    public static void Begin(Stream output)
    {
        if (output.CanSeek && output.Length > 0)
            output.SetLength(0);
    }

    /// <summary>Refuses outputs that are given twice, or are to be another file of the job as well.</summary>
    /// <exception cref="UsageException">Two of them are the same.</exception>
    public static void DemandDifferent(params (string Option, string? Path)[] files)
    {
        (string Option, string Path)[] named = [.. files.Where(file => file.Path is not null and not "-").Select(file => (file.Option, Resolve(file.Path!)))];
        for (int i = 1; i < named.Length; i++)
        {
            if (Array.FindIndex(named, 0, i, other => other.Path == named[i].Path) is >= 0 and int same)
                throw new UsageException($"{named[same].Option} and {named[i].Option} are the same file; give each its own.");
        }
    }

    private static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path; // To open it will say what is wrong.
        }
    }

    // The console's stream takes a broken pipe for success, and the run would go on for nobody. A file's stream keeps a position of its own,
    // so it is no good where standard output is a file that others write to as well.
    private static Stream OpenStandardOutput()
    {
        if (StandardStreams.IsOutputClosed)
            throw new UsageException("Standard output is closed; give --out a file.");
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
        catch (IOException e) when (e.HResult == SharingViolation)
        {
            throw new UsageException($"{option} {path} is in use, by this job under another name or by another program.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option} cannot be opened: {e.Message}", e);
        }
    }
}
