using Microsoft.Win32.SafeHandles;

namespace EnrichIssuers.Job;

/// <summary>Opens the files that the job reads and writes. A file that cannot be opened is a usage error.</summary>
/// <remarks>
/// Inputs are locked for shared access and outputs for exclusive access. Locks belong to files, not to names, so an output that is also an input under
/// another name is detected before anything is truncated.
/// </remarks>
internal static class JobFile
{
    private static int SharingViolation => OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Opens a file for reading. Opening a pipe waits for its writer, until <paramref name="stop"/> is cancelled.</summary>
    public static Task<FileStream> OpenForReadingAsync(string option, string path, CancellationToken stop) => Task
        .Run(() => Open(option, path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan)))
        .WaitAsync(stop);

    /// <summary>Opens a file for writing. It keeps its content until <see cref="Truncate"/>.</summary>
    public static async Task<Stream> OpenForWritingAsync(string option, string path, CancellationToken stop) => path == "-"
        ? OpenStandardOutput()
        : await Task
            .Run(() => Open(option, path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0)))
            .WaitAsync(stop);

    /// <summary>Locks a file that another component reads or writes, so that it cannot be an output; null if it does not exist yet.</summary>
    public static FileStream? Lock(string option, string? path) =>
        File.Exists(path) ? Open(option, path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) : null;

    /// <summary>Truncates an output before the first write.</summary>
    public static void Truncate(Stream output)
    {
        if (output.CanSeek && output.Length > 0)
            output.SetLength(0);
    }

    /// <summary>Checks that no two options name the same file.</summary>
    /// <exception cref="UsageException">Two options name the same file.</exception>
    public static void CheckDifferent(params (string Option, string? Path)[] files)
    {
        (string Option, string Path)[] named = [.. files.Where(file => file.Path is not null and not "-").Select(file => (file.Option, Resolve(file.Path!)))];
        for (int i = 1; i < named.Length; i++)
        {
            if (Array.FindIndex(named, 0, i, other => other.Path == named[i].Path) is >= 0 and int same)
                throw new UsageException($"{named[same].Option} and {named[i].Option} are the same file; use different files.");
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
            return path; // Opening it reports the problem.
        }
    }

    // The console's stream ignores a broken pipe, so the run would continue without a reader. A FileStream has its own position, so it cannot be
    // used if standard output is a file that other processes write to as well.
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
            throw new UsageException($"{option} {path} is in use, by this job under another name, or by another program.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option} cannot be opened: {e.Message}", e);
        }
    }
}
