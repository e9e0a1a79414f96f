using System.Globalization;

namespace IssuerEnrichment.Http;

/// <summary>How many more connections a process may have open. Where no file is left for the code that is loaded from files, the runtime aborts.</summary>
internal static class OpenFiles
{
    // For assemblies, of which each takes two, and whatever else the process opens later.
    private const int Reserve = 64;

    private const string Limits = "/proc/self/limits";
    private const string Open = "/proc/self/fd";

    /// <summary>The most connections, at least one; null where nothing limits them that is known.</summary>
    public static int? MostConnections() =>
        OperatingSystem.IsLinux() && File.Exists(Limits) && LimitOf(File.ReadLines(Limits)) is { } limit
            ? Math.Max(1, limit - Directory.EnumerateFileSystemEntries(Open).Count() - Reserve)
            : null;

    // The soft limit, as proc_pid_limits(5) has it.
    private static int? LimitOf(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int files)
            ? files
            : null;
}
