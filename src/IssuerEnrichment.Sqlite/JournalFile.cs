using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Checks the journal's file before SQLite opens it: whether it is free, and whether it is a journal.</summary>
internal static class JournalFile
{
    /// <summary>The application id of journals: "IsEj", at byte 68 of the header.</summary>
    public const int ApplicationId = 0x4973456A;

    /// <summary>The version of the tables, at byte 60 of the header.</summary>
    public const int Version = 2;

    private const int HeaderLength = 100;
    private const int VersionOffset = 60;
    private const int ApplicationIdOffset = 68;

    /// <summary>Resolves links, so that all names of the file share the same lock and the same auxiliary files of SQLite.</summary>
    public static string Resolve(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    /// <summary>Locks the journal until the result is disposed of. The operating system releases the lock when the process ends.</summary>
    /// <remarks>
    /// SQLite's own exclusive lock would also exclude the connection for reading. The lock file is not deleted: otherwise another process might lock
    /// the deleted file, while a third one locks its successor.
    /// </remarks>
    /// <exception cref="EnrichmentJournalException">Another run has the journal.</exception>
    public static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + "-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            throw new EnrichmentJournalException(
                $"The journal '{path}' is in use by another run; wait until it has ended, or use another journal for this run.", e);
        }
    }

    /// <summary>Checks the file, so that SQLite does not open, and thereby modify, a file that is not a journal of this version.</summary>
    /// <returns>Whether the file is missing or empty.</returns>
    /// <exception cref="EnrichmentJournalException">The file is not a journal.</exception>
    public static bool CheckIsOurs(string path)
    {
        if (!Path.Exists(path))
            return true;
        Span<byte> header = stackalloc byte[HeaderLength];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        int length = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (length == 0)
            return true;

        if (length < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
            throw new EnrichmentJournalException($"'{path}' is not a journal or any other SQLite file; give the journal another path.");
        CheckIsOurs(path, BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdOffset..]), BinaryPrimitives.ReadInt32BigEndian(header[VersionOffset..]));
        return false;
    }

    /// <exception cref="EnrichmentJournalException">The file is another application's, or has another version.</exception>
    public static void CheckIsOurs(string path, int applicationId, int version)
    {
        if (applicationId != ApplicationId)
            throw new EnrichmentJournalException($"'{path}' is a SQLite file of another application; give the journal another path.");
        CheckVersion(path, version);
    }

    /// <exception cref="EnrichmentJournalException">The version is another one.</exception>
    public static void CheckVersion(string path, int version)
    {
        if (version != Version)
        {
            throw new EnrichmentJournalException(
                $"The journal '{path}' has version {version}, but this program requires version {Version}; "
                + (version > Version ? "update the program, or give the journal another path." : "give the journal another path."));
        }
    }

    /// <summary>Opens a SQLite connection to the file.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsSharingViolation(IOException e) => e.HResult == (
        OperatingSystem.IsWindows() ? unchecked((int)0x80070020)
        : OperatingSystem.IsMacOS() ? 35
        : 11);
}
