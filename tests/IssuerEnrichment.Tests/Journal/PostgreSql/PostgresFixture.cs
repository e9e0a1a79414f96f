using IssuerEnrichment.Tests.Journal.PostgreSql;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace IssuerEnrichment.Tests.Journal.PostgreSql;

/// <summary>
/// The database that tests share, each in a schema of its own: the one that <c>ISSUER_ENRICHMENT_POSTGRES</c> names by a connection string of an
/// administrator, or else that of a server started for the first test that asks for it. Where there is neither, such tests are skipped.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private static readonly string? Named = Environment.GetEnvironmentVariable("ISSUER_ENRICHMENT_POSTGRES");

    private readonly Lazy<Task<NpgsqlDataSource>> _database;
    private PostgresServer? _server;

    public PostgresFixture() => _database = new(ConnectAsync);

    /// <summary>Gives the database, or skips the test.</summary>
    public Task<NpgsqlDataSource> GetAsync()
    {
        if (Named is null)
            SkipWithoutServer();
        return _database.Value;
    }

    /// <summary>Skips a test that needs a server of its own.</summary>
    public static void SkipWithoutServer()
    {
        if (PostgresServer.Programs is null)
            Assert.Skip("There is no PostgreSQL: install the package postgresql, or name a database by a connection string in ISSUER_ENRICHMENT_POSTGRES.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _database.Value).DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task<NpgsqlDataSource> ConnectAsync()
    {
        if (Named is null)
            _server = await PostgresServer.StartAsync();
        return NpgsqlDataSource.Create(Named ?? _server!.ConnectionString);
    }
}
