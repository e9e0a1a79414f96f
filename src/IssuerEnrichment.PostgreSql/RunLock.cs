using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IssuerEnrichment.PostgreSql;

/// <summary>The lock of one run, which the server keeps for the session that took it.</summary>
internal static class RunLock
{
    private const string LockNotAvailable = "55P03";

    /// <summary>Takes the lock.</summary>
    /// <remarks>
    /// Waits for up to a second, because the server may need that long to notice that a process was killed. The transaction limits the scope of the
    /// timeout.
    /// </remarks>
    /// <exception cref="EnrichmentJournalException">Another session has the lock.</exception>
    public static async Task TakeAsync(DbConnection connection, JournalTables tables, JournalKey key, CancellationToken cancellationToken)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await connection.GetAsync("SELECT set_config('lock_timeout', '1s', true)", cancellationToken).ConfigureAwait(false);
            try
            {
                await connection.GetAsync("SELECT pg_advisory_lock(@lock)", cancellationToken, ("lock", NumberOf(tables, key))).ConfigureAwait(false);
            }
            catch (DbException e) when (e.SqlState == LockNotAvailable)
            {
                throw new EnrichmentJournalException(
                    $"The run '{key.Run}' of the journal '{tables.JournalName}' is in progress elsewhere; wait until it has ended, or give this run another name.", e);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Releases the lock, because a pool would keep the session and thus the lock. If this fails, the session has ended, which unlocks, too.
    /// </summary>
    public static async Task ReleaseAsync(DbConnection connection)
    {
        try
        {
            if (connection.State == ConnectionState.Open)
                await connection.GetAsync("SELECT pg_advisory_unlock_all()", CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException)
        {
        }
    }

    private static long NumberOf(JournalTables tables, JournalKey key) => BinaryPrimitives.ReadInt64BigEndian(
        SHA256.HashData(MemoryMarshal.AsBytes(string.Join('\0', "IssuerEnrichment", tables.Schema, key.Run, key.Source, key.RequestShape).AsSpan())));
}
