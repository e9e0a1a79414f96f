using IssuerEnrichment.Sqlite;

namespace IssuerEnrichment;

/// <summary>A journal in a SQLite file. Its records survive a crash of the process and of the machine.</summary>
/// <remarks>
/// Thread-safe. Only one run at a time can use the file: another run fails to start, in any process. A file that is not a journal of this version is
/// rejected, and not modified. A link is resolved to its file. Next to the file there is an empty file with the suffix <c>-lock</c>, which is not
/// deleted. Files with the suffixes <c>-wal</c> and <c>-shm</c> exist during a run, and after a crash. They belong to the file and must be moved
/// together with it.
/// </remarks>
public sealed class SqliteEnrichmentJournal : IEnrichmentJournal, IJournalCatalog
{
    private readonly string _path;

    /// <summary>Creates a journal. The file is opened when a run starts.</summary>
    /// <param name="path">The file. Its folder must exist. The file is created if it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty or invalid.</exception>
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

            // Locked, because opening and closing the file while a run of this process uses it would release SQLite's own locks.
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
    /// <remarks>No run may be using the file. The file does not shrink; later runs reuse the free space.</remarks>
    public Task<bool> DeleteRunAsync(JournalKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DoAsync(path => JournalCatalog.Delete(path, key), cancellationToken);
    }

    // On the thread pool, because SQLite blocks its thread, in this case while it reads the whole file.
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
