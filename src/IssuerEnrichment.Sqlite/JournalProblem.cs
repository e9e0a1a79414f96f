using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Translates errors of a journal's file to messages that say what to fix.</summary>
internal static class JournalProblem
{
    public static EnrichmentJournalException Of(string path, Exception e) => e as EnrichmentJournalException ?? new(e switch
    {
        // https://sqlite.org/rescode.html
        SqliteException { SqliteErrorCode: 11 or 26 } or InvalidDataException => $"The journal '{path}' is damaged; move it away to start from scratch: {Detail(e)}",
        SqliteException { SqliteErrorCode: 13 } => $"The journal '{path}' cannot be written, because the disk is full; free some space and start the run again.",
        SqliteException { SqliteErrorCode: 5 or 6 } => $"The journal '{path}' is locked by another program; close it and start the run again.",
        SqliteException { SqliteErrorCode: 3 or 8 or 14 } or UnauthorizedAccessException =>
            $"The journal '{path}' cannot be opened for writing; check the permissions of the file and of its folder.",
        DirectoryNotFoundException => $"The journal '{path}' cannot be created, because its folder does not exist.",
        _ => $"The journal '{path}' failed: {Detail(e)}",
    }, e);

    private static string Detail(Exception e) => e.Message.EndsWith('.') ? e.Message : $"{e.Message}.";
}
