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
    /// Waits a second, which is what the server may need to see that a process that was killed is gone. The transaction is there for the timeout.
    /// </remarks>
    /// <exception cref="EnrichmentJournalException">Another session has it.</exception>
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
                    $"The run '{key.Run}' of the journal '{tables.JournalName}' is going on elsewhere; wait until it has ended, or give this one another name.", e);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets it go. A pool keeps the session, and with it the lock. Where this fails the session is at its end, and the server unlocks.</summary>
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
