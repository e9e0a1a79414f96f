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

    private readonly SemaphoreSlim _turn = new(1);
    private PostgresServer? _server;
    private NpgsqlDataSource? _database;

    /// <summary>Gives the database, or skips the test.</summary>
    public async Task<NpgsqlDataSource> GetAsync()
    {
        if (Named is null)
            SkipWithoutServer();
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_database is null && Named is null)
                _server = await PostgresServer.StartAsync();
            return _database ??= NpgsqlDataSource.Create(Named ?? _server!.ConnectionString);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Skips a test that needs a server of its own.</summary>
    public static void SkipWithoutServer()
    {
        if (PostgresServer.Programs is null)
            Assert.Skip("There is no PostgreSQL: install the package postgresql, or name a database by a connection string in ISSUER_ENRICHMENT_POSTGRES.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _turn.Dispose();
    }
}
