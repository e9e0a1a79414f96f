using System.Globalization;

namespace IssuerEnrichment.Http;

/// <summary>The maximum number of connections, given the limit on open files. The runtime aborts if it cannot open a file to load code.</summary>
internal static class OpenFiles
{
    // For assemblies, each of which needs two file descriptors, and for other files that the process opens later.
    private const int Reserve = 64;

    private const string Limits = "/proc/self/limits";
    private const string Open = "/proc/self/fd";

    /// <summary>Returns the maximum number of connections, at least one; null if no limit is known.</summary>
    public static int? MostConnections() =>
        OperatingSystem.IsLinux() && File.Exists(Limits) && LimitOf(File.ReadLines(Limits)) is { } limit
            ? Math.Max(1, limit - Directory.EnumerateFileSystemEntries(Open).Count() - Reserve)
            : null;

    // The soft limit, in the format of proc_pid_limits(5).
    private static int? LimitOf(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int files)
            ? files
            : null;
}
