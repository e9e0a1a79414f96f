using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>The tables of a journal, opened for one run: one connection that writes and, where there is something to find, one that reads.</summary>
/// <remarks>One caller may write while another one finds; neither is safe for two at a time.</remarks>
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

    // Up to this size a check of the whole file takes a fraction of a second; in a larger one damage is found when it is come upon.
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

    /// <summary>Writes records in one transaction; on return they survive a crash.</summary>
    public void Write(IReadOnlyList<JournalRecord> records) => _writer!.Write(records);

    /// <summary>Finds a record of an earlier run; null where there is none.</summary>
    public JournalRecord? Find(string issuerId) => _reader?.Find(issuerId);

    // The last connection to close moves everything into the one file.
    public void Dispose()
    {
        _reader?.Dispose();
        _reading?.Dispose();
        _writer?.Dispose();
        _writing.Dispose();
    }

    private void Prepare(bool isNew, JournalKey key)
    {
        // What a crash left behind is put right by the first statement, so only now it can be said what there is.
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

    // Before the change to WAL, so that a crash half-way leaves all of this or nothing, and never a file that looks like somebody else's.
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
