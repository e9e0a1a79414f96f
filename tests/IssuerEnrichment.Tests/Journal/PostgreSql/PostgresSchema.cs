using Npgsql;

namespace IssuerEnrichment.Tests.Journal.PostgreSql;

/// <summary>The name of a schema that no other test has, and what a test wants to know or to do there; dropped in the end.</summary>
internal sealed class PostgresSchema(NpgsqlDataSource database) : IAsyncDisposable
{
    public string Name { get; } = $"journal_{Guid.NewGuid():N}";

    public NpgsqlDataSource Database => database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public PostgresEnrichmentJournal Journal => new(database, Name);

    /// <summary>Runs statements that name the schema as <c>$</c>, and gives the first value.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql.Replace("$", Name));
        return await command.ExecuteScalarAsync(Token);
    }

    /// <summary>The same database for connections with a setting of their own.</summary>
    public NpgsqlDataSource With(string setting, Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        NpgsqlConnectionStringBuilder connection = new(database.ConnectionString) { Options = $"-c {setting}" };
        change?.Invoke(connection);
        return NpgsqlDataSource.Create(connection);
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync("DROP SCHEMA IF EXISTS $ CASCADE");
}
