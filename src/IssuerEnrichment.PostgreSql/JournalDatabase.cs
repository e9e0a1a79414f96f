using System.Data.Common;

namespace IssuerEnrichment.PostgreSql;

/// <summary>A journal's tables, opened for one run, with one connection for writing and one for reading if there is something to find.</summary>
/// <remarks>
/// One caller may write while another one reads; neither operation may run concurrently with itself. The session that writes also holds the run's
/// lock, so that both are lost together. If the lock had a connection of its own, it could be lost and taken by another process while this one
/// continued to write.
/// </remarks>
internal sealed class JournalDatabase : IAsyncDisposable
{
    // A commit must wait for the disk, even if the server's default does not. A lock must not outlive its holder's machine by the two hours after
    // which servers check by default, but by one minute.
    private const string Settings = """
        SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
            set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '60s', false),
            CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END
        """;

    private readonly DbConnection _writing;
    private readonly JournalTables _tables;
    private DbConnection? _reading;
    private OutcomeWriter? _writer;
    private OutcomeReader? _reader;

    private JournalDatabase(DbConnection writing, JournalTables tables)
    {
        _writing = writing;
        _tables = tables;
    }

    public string Name => _tables.JournalName;

    public static async Task<JournalDatabase> OpenAsync(DbDataSource dataSource, JournalTables tables, JournalKey key, CancellationToken cancellationToken)
    {
        JournalDatabase database = new(await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false), tables);
        try
        {
            await database.PrepareAsync(dataSource, key, cancellationToken).ConfigureAwait(false);
            return database;
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes records of distinct issuers in one transaction. When it returns, they survive a crash.</summary>
    public Task WriteAsync(IReadOnlyCollection<JournalRecord> records) => _writer!.WriteAsync(records);

    /// <summary>Finds a record of an earlier run; null if there is none.</summary>
    public async ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken) =>
        _reader is null ? null : await _reader.FindAsync(issuerId, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (_reader is not null)
            await _reader.DisposeAsync().ConfigureAwait(false);
        if (_reading is not null)
            await _reading.DisposeAsync().ConfigureAwait(false);
        if (_writer is not null)
            await _writer.DisposeAsync().ConfigureAwait(false);
        await RunLock.ReleaseAsync(_writing).ConfigureAwait(false);
        await _writing.DisposeAsync().ConfigureAwait(false);
    }

    private async Task PrepareAsync(DbDataSource dataSource, JournalKey key, CancellationToken cancellationToken)
    {
        await _writing.GetAsync(Settings, cancellationToken).ConfigureAwait(false);
        await RunLock.TakeAsync(_writing, _tables, key, cancellationToken).ConfigureAwait(false);
        int run = await _tables.PrepareAsync(_writing, key, cancellationToken).ConfigureAwait(false);
        _writer = new OutcomeWriter(_writing, _tables, run);
        await _writer.PrepareAsync(cancellationToken).ConfigureAwait(false);
        string any = $"SELECT 1 FROM {_tables.Outcome} WHERE run = @run LIMIT 1";
        if (await _writing.GetAsync(any, cancellationToken, ("run", run)).ConfigureAwait(false) is null)
            return;
        _reading = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        _reader = new OutcomeReader(_reading, _tables, run);
        await _reader.PrepareAsync(cancellationToken).ConfigureAwait(false);
    }
}
