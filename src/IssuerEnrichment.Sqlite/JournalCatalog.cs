using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Lists and deletes the runs in a journal's file.</summary>
internal static class JournalCatalog
{
    /// <remarks>
    /// A run may be using the file. Only SQLite opens it, because closing another handle of the file would release SQLite's locks in this process
    /// (https://sqlite.org/howtocorrupt.html, section 2.2).
    /// </remarks>
    public static IReadOnlyList<JournaledRun> List(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return [];
        using SqliteConnection connection = JournalFile.Connect(path, SqliteOpenMode.ReadWrite);
        JournalFile.CheckIsOurs(path, (int)connection.Get("PRAGMA application_id"), (int)connection.Get("PRAGMA user_version"));
        using SqliteCommand select = connection.Command(
            """
            SELECT name, source, shape, count(issuer), max(given_at) FROM run LEFT JOIN outcome ON outcome.run = run.id GROUP BY run.id ORDER BY run.id
            """);
        using SqliteDataReader row = select.ExecuteReader();
        List<JournaledRun> runs = [];
        while (row.Read())
        {
            JournalKey key = new(row.GetString(0), row.GetString(1), row.GetString(2));
            runs.Add(new JournaledRun(key, row.GetInt64(3), row.IsDBNull(4) ? null : OutcomeColumns.TimeOf(row.GetInt64(4))));
        }

        return runs;
    }

    public static bool Delete(string path, JournalKey key)
    {
        using FileStream held = JournalFile.Lock(path);
        if (JournalFile.CheckIsOurs(path))
            return false;
        using SqliteConnection connection = JournalFile.Connect(path, SqliteOpenMode.ReadWrite);
        using SqliteTransaction transaction = connection.BeginTransaction();
        (string, object)[] names = [("$name", key.Run), ("$source", key.Source), ("$shape", key.RequestShape)];
        const string Which = "SELECT id FROM run WHERE name = $name AND source = $source AND shape = $shape";
        connection.Execute($"DELETE FROM outcome WHERE run = ({Which})", names);
        bool wasThere = connection.Get($"DELETE FROM run WHERE id = ({Which}); SELECT changes()", names) > 0;
        transaction.Commit();
        return wasThere;
    }
}
