using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>A journal's tables, opened for one run, with one connection for writing and one for reading if there is something to find.</summary>
/// <remarks>One caller may write while another one reads; neither operation may run concurrently with itself.</remarks>
internal sealed class JournalDatabase : IDisposable
{
    private const string Tables = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, shape TEXT NOT NULL,
            UNIQUE (name, source, shape));
        CREATE TABLE outcome (
            run INTEGER NOT NULL REFERENCES run (id), issuer NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, given_at INTEGER NOT NULL,
            answer TEXT, error TEXT, message TEXT, http_status INTEGER, provenance TEXT,
            PRIMARY KEY (run, issuer)) WITHOUT ROWID;
        """;

    // Checking a whole file of up to this size takes a fraction of a second. In a larger file, damage is detected when it is read.
    private const long MostToCheck = 64 << 20;

    private readonly SqliteConnection _writing;
    private SqliteConnection? _reading;
    private OutcomeWriter? _writer;
    private OutcomeReader? _reader;

    private JournalDatabase(SqliteConnection writing) => _writing = writing;

    public string Path => _writing.DataSource;

    public static JournalDatabase Open(string path, bool isNew, JournalKey key)
    {
        JournalDatabase database = new(JournalFile.Connect(path, SqliteOpenMode.ReadWriteCreate));
        try
        {
            database.Prepare(isNew, key);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Writes records in one transaction. When it returns, they survive a crash.</summary>
    public void Write(IReadOnlyList<JournalRecord> records) => _writer!.Write(records);

    /// <summary>Finds a record of an earlier run; null if there is none.</summary>
    public JournalRecord? Find(string issuerId) => _reader?.Find(issuerId);

    // When the last connection closes, SQLite moves everything into the main file.
    public void Dispose()
    {
        _reader?.Dispose();
        _reading?.Dispose();
        _writer?.Dispose();
        _writing.Dispose();
    }

    private void Prepare(bool isNew, JournalKey key)
    {
        // The first statement recovers from an earlier crash, so only now is the state known.
        long version = _writing.Get("PRAGMA user_version");
        if (version == 0)
            Create();
        else
            JournalFile.CheckVersion(Path, (int)version);
        if (!isNew && new FileInfo(Path).Length <= MostToCheck)
            CheckIsWhole();

        _writing.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        long run = FindRun(key);
        _writer = new OutcomeWriter(_writing, run);
        if (_writing.Get("SELECT EXISTS (SELECT 1 FROM outcome WHERE run = $run)", ("$run", run)) == 0)
            return;
        _reading = JournalFile.Connect(Path, SqliteOpenMode.ReadOnly);
        _reader = new OutcomeReader(_reading, run);
    }

    // Before the switch to WAL, so that after a crash there is all of this or nothing, but never a file that seems to be another application's.
    private void Create() => _writing.Execute($"""
        BEGIN IMMEDIATE;
        {Tables}
        PRAGMA application_id = {JournalFile.ApplicationId};
        PRAGMA user_version = {JournalFile.Version};
        COMMIT;
        """);

    private void CheckIsWhole()
    {
        using SqliteCommand check = _writing.Command("PRAGMA quick_check(1)");
        if (check.ExecuteScalar() is not "ok" and var problem)
            throw new InvalidDataException($"{problem}".ReplaceLineEndings(" "));
    }

    private long FindRun(JournalKey key)
    {
        (string, object)[] names = [("$name", key.Run), ("$source", key.Source), ("$shape", key.RequestShape)];
        _writing.Execute("INSERT INTO run (name, source, shape) VALUES ($name, $source, $shape) ON CONFLICT DO NOTHING", names);
        return _writing.Get("SELECT id FROM run WHERE name = $name AND source = $source AND shape = $shape", names);
    }
}
