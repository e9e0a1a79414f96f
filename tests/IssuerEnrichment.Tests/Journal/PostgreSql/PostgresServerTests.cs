using System.Diagnostics;
using IssuerEnrichment.Testing;
using Npgsql;

namespace IssuerEnrichment.Tests.Journal.PostgreSql;

/// <summary>Processes that are killed: the server, and a client that has a run's lock.</summary>
public sealed class PostgresServerTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        PostgresFixture.SkipWithoutServer();
        _server = await PostgresServer.StartAsync();
        _database = NpgsqlDataSource.Create(_server.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_ends_the_run_and_has_kept_what_was_handed_out()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        List<EnrichmentOutcome> outcomes = [];
        Func<Task> run = async () =>
        {
            await foreach (EnrichmentOutcome outcome in Create(client).Stream(Enumerable.Range(0, 1_000_000).Select(id => $"{id}")).WithCancellation(Token))
            {
                outcomes.Add(outcome);
                if (outcomes.Count == 300)
                    _server.Kill();
            }
        };

        (await run.Invoking(run => run().WithTimeout()).Should().ThrowAsync<EnrichmentJournalException>())
            .Which.Message.Should().Contain("' cannot be reached; start the run again when the server is back: ").And.EndWith(".").And.NotContain("\n");

        string[] answered = [.. outcomes.Where(outcome => outcome.Status == EnrichmentStatus.Enriched).Select(outcome => outcome.IssuerId!)];
        answered.Should().HaveCountGreaterThanOrEqualTo(300);
        await _server.StartAgainAsync();
        int asked = client.Attempts;
        List<EnrichmentOutcome> again = await Create(client).Stream(answered).ToListAsync(Token).AsTask().WithTimeout();
        again.Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Journal);
        client.Attempts.Should().Be(asked);
    }

    [Fact]
    public async Task The_lock_goes_with_the_process_that_has_it()
    {
        JournalKey key = new("", "", "");
        PostgresEnrichmentJournal journal = new(_database);
        IJournalRun run = await journal.OpenAsync(key, Token);
        object lockOfRun;
        await using (run)
        await using (NpgsqlCommand find = _database.CreateCommand("SELECT classid::bigint << 32 | objid::bigint FROM pg_locks WHERE locktype = 'advisory'"))
            lockOfRun = (await find.ExecuteScalarAsync(Token))!;

        using Process holder = _server.Psql();
        await holder.StandardInput.WriteLineAsync($"SELECT pg_advisory_lock({lockOfRun});\n\\echo locked");
        await holder.StandardInput.FlushAsync(Token);
        while (await holder.StandardOutput.ReadLineAsync(Token).AsTask().WithTimeout() != "locked")
        {
        }

        await journal.Awaiting(journal => journal.OpenAsync(key, Token).AsTask()).Should().ThrowAsync<EnrichmentJournalException>()
            .WithMessage("*in progress elsewhere*");
        holder.Kill();

        await (await journal.OpenAsync(key, Token).AsTask().WithTimeout()).DisposeAsync();
    }

    private IssuerEnricher Create(IIssuerClient client) => IssuerEnricher.Create(client, journal: new PostgresEnrichmentJournal(_database));
}
