using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Prepares a journal's schema for a run: checks existing tables, and creates missing ones.</summary>
/// <param name="schema">The name of the schema.</param>
/// <param name="journalName">The journal's name in messages.</param>
internal sealed class JournalTables(string schema, string journalName)
{
    private const int Version = 2;

    // A comment on the table is kept when the table is copied or restored.
    private const string Mark = "IssuerEnrichment journal, version ";

    private readonly string _quotedSchema = $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public string Schema => schema;

    public string JournalName => journalName;

    public string Run => $"{_quotedSchema}.run";

    public string Outcome => $"{_quotedSchema}.outcome";

    /// <summary>The hash that identifies a run, because its key may exceed the size limit of an index entry.</summary>
    public static string FingerprintOf(JournalKey key) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(string.Join('\0', key.Run, key.Source, key.RequestShape).AsSpan())));

    /// <summary>Creates the tables and the run's row unless they exist, in one transaction.</summary>
    /// <returns>The run's number.</returns>
    /// <exception cref="EnrichmentJournalException">The tables are not a journal's.</exception>
    public async Task<int> PrepareAsync(DbConnection connection, JournalKey key, CancellationToken cancellationToken)
    {
        // Not the server's default isolation level, because reads must see the state after the lock was taken.
        DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Other runs may start at the same time.
            string wait = "SELECT pg_advisory_xact_lock(hashtext(@mark), hashtext(@schema))";
            await connection.GetAsync(wait, cancellationToken, ("mark", Mark), ("schema", schema)).ConfigureAwait(false);
            if (!await CheckAreOursAsync(connection, cancellationToken).ConfigureAwait(false))
                await CreateAsync(connection, cancellationToken).ConfigureAwait(false);
            int run = await FindRunAsync(connection, key, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return run;
        }
    }

    /// <returns>Whether the tables exist.</returns>
    /// <exception cref="EnrichmentJournalException">The tables are not a journal's.</exception>
    public async Task<bool> CheckAreOursAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        object? encoding = await connection.GetAsync("SELECT current_setting('server_encoding')", cancellationToken).ConfigureAwait(false);
        if (encoding is not "UTF8")
        {
            throw new EnrichmentJournalException(
                $"The journal '{journalName}' cannot use a database with the encoding {encoding}; use one with UTF8.");
        }

        object? comments = await connection.GetAsync(
            """
            SELECT string_agg(coalesce(obj_description(pg_class.oid, 'pg_class'), ''), '')
            FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = @schema AND relname IN ('run', 'outcome')
            """,
            cancellationToken,
            ("schema", schema)).ConfigureAwait(false);
        return comments switch
        {
            null => false,
            string mark when mark == $"{Mark}{Version}" => true,
            string mark when mark.StartsWith(Mark, StringComparison.Ordinal) => throw new EnrichmentJournalException(
                $"The journal '{journalName}' has version {mark[Mark.Length..]}, but this program requires version {Version}; "
                + "give the journal another schema, or use the program that wrote it."),
            _ => throw new EnrichmentJournalException(
                $"The tables 'run' and 'outcome' of '{journalName}' are not those of a journal; give the journal another schema."),
        };
    }

    // json instead of jsonb, which does not allow the zero character. The collation is bytewise, and does not change with the system's libraries.
    private async Task CreateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // A user without the right to create schemas can use an existing empty one.
        string find = "SELECT 1 FROM pg_namespace WHERE nspname = @schema";
        if (await connection.GetAsync(find, cancellationToken, ("schema", schema)).ConfigureAwait(false) is null)
            await connection.GetAsync($"CREATE SCHEMA {_quotedSchema}", cancellationToken).ConfigureAwait(false);
        await connection.GetAsync(
            $"""
            CREATE TABLE {Run} (
                id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                fingerprint text COLLATE "C" NOT NULL UNIQUE, name text NOT NULL, source text NOT NULL, shape text NOT NULL);
            CREATE TABLE {Outcome} (
                run integer NOT NULL REFERENCES {Run} (id), issuer text COLLATE "C" NOT NULL,
                status text NOT NULL, attempts integer NOT NULL, given_at timestamptz NOT NULL, answer json, error text, message text,
                http_status integer, provenance json,
                PRIMARY KEY (run, issuer));
            COMMENT ON TABLE {Outcome} IS '{Mark}{Version}';
            """,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> FindRunAsync(DbConnection connection, JournalKey key, CancellationToken cancellationToken)
    {
        (string, object) fingerprint = ("fingerprint", FingerprintOf(key));
        object? found = await connection.GetAsync($"SELECT id FROM {Run} WHERE fingerprint = @fingerprint", cancellationToken, fingerprint).ConfigureAwait(false)
            ?? await connection.GetAsync(
                $"INSERT INTO {Run} (fingerprint, name, source, shape) VALUES (@fingerprint, @name, @source, @shape) RETURNING id",
                cancellationToken,
                fingerprint,
                ("name", OutcomeColumns.TextOf(key.Run)),
                ("source", OutcomeColumns.TextOf(key.Source)),
                ("shape", OutcomeColumns.TextOf(key.RequestShape))).ConfigureAwait(false);
        return (int)found!;
    }
}
