using IssuerEnrichment.Sqlite;

namespace IssuerEnrichment;

/// <summary>A journal in a SQLite file: what it has taken survives a crash of the process and of the machine.</summary>
/// <remarks>
/// Thread-safe. One run at a time has the file; another one, of whatever process, is refused while it lasts. A file that is no journal of this version is
/// refused and left as it is. A link is followed to its file. Beside the file is one more with <c>-lock</c> at its end, empty, which stays; two with <c>-wal</c> and <c>-shm</c>
/// are there during a run, and after a crash: they belong to the file, move them together.
/// </remarks>
public sealed class SqliteEnrichmentJournal : IEnrichmentJournal, IJournalCatalog
{
    private readonly string _path;

    /// <summary>Names the file. It is opened when a run starts.</summary>
    /// <param name="path">The file, in a folder that exists; created if missing.</param>
    /// <exception cref="ArgumentException">The path is empty, or cannot be one.</exception>
    public SqliteEnrichmentJournal(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public ValueTask<IJournalRun> OpenAsync(JournalKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        FileStream? held = null;
        string path = _path;
        try
        {
            path = JournalFile.Resolve(_path);

            // Nobody may open and close the file beside a run of this process: that would let go of SQLite's own locks on it.
            held = JournalFile.Lock(path);
            bool isNew = JournalFile.CheckIsOurs(path);
            return new(new SqliteJournalRun(JournalDatabase.Open(path, isNew, key), held));
        }
        catch (Exception e)
        {
            held?.Dispose();
            throw JournalProblem.Of(path, e);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournaledRun>> ListRunsAsync(CancellationToken cancellationToken = default) =>
        DoAsync(JournalCatalog.List, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>No run may have the file meanwhile. The file keeps its size; what is free now is used by later runs.</remarks>
    public Task<bool> DeleteRunAsync(JournalKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DoAsync(path => JournalCatalog.Delete(path, key), cancellationToken);
    }

    // SQLite blocks its thread, here for as long as it takes to go through the whole file.
    private Task<T> DoAsync<T>(Func<string, T> work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            string path = _path;
            try
            {
                path = JournalFile.Resolve(_path);
                return work(path);
            }
            catch (Exception e)
            {
                throw JournalProblem.Of(path, e);
            }
        },
        cancellationToken);
}
