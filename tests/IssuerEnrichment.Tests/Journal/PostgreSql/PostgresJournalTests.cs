using System.Data.Common;
using IssuerEnrichment.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IssuerEnrichment.Tests.Journal.PostgreSql;

/// <summary>What a database may do to a journal, and a journal to a database.</summary>
public sealed class PostgresJournalTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly JournalKey Key = new("May", "", "");

    private PostgresSchema _schema = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _schema = new PostgresSchema(await postgres.GetAsync());

    public ValueTask DisposeAsync() => _schema?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("CREATE TABLE $.outcome (run integer)", "are not those of a journal; give the journal another schema.")]
    [InlineData("CREATE VIEW $.run AS SELECT 1", "are not those of a journal; give the journal another schema.")]
    [InlineData(
        "CREATE TABLE $.outcome (a text); COMMENT ON TABLE $.outcome IS 'IssuerEnrichment journal, version 1'",
        "has version 1, but this program requires version 2; *.")]
    public async Task What_is_no_journal_of_this_version_is_left_alone(string tables, string because)
    {
        await _schema.ExecuteAsync($"CREATE SCHEMA $; {tables}");
        object? before = await DescribeAsync();

        await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<EnrichmentJournalException>().WithMessage($"*{_schema.Name}'*{because}");

        (await DescribeAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_rejected()
    {
        await _schema.ExecuteAsync("CREATE DATABASE $ ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        await using (NpgsqlDataSource latin = _schema.With("role=none", connection => connection.Database = _schema.Name))
        {
            await latin.Awaiting(latin => OpenAsync(latin)).Should().ThrowAsync<EnrichmentJournalException>()
                .WithMessage("*cannot use a database with the encoding LATIN1; use one with UTF8.");
        }

        await _schema.ExecuteAsync("DROP DATABASE $ WITH (FORCE)");
    }

    [Fact]
    public async Task Runs_that_begin_at_the_same_time_share_the_tables_that_the_first_one_makes()
    {
        IJournalRun[] runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(run => OpenAsync(Key with { Run = $"{run}" }))).WithTimeout();

        await Task.WhenAll(runs.Select(run => run.WriteAsync(Verdicts.Enriched("1", ["A"], 1), Token).AsTask())).WithTimeout();

        foreach (IJournalRun run in runs)
            await run.DisposeAsync();
        (await _schema.ExecuteAsync("SELECT count(*) FROM $.outcome")).Should().Be(8L);
    }

    [Fact]
    public async Task While_a_run_goes_on_the_same_one_is_rejected_and_can_begin_once_it_has_ended()
    {
        IJournalRun first = await OpenAsync();
        await using (first)
        {
            await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<EnrichmentJournalException>()
                .WithMessage("The run 'May' of the journal '*' is in progress elsewhere; wait until it has ended, or give this run another name.");
            await first.WriteAsync(Verdicts.Enriched("1", [], 1), Token);
        }

        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_was_rejected_leaves_no_lock_behind()
    {
        await _schema.ExecuteAsync("CREATE SCHEMA $; CREATE TABLE $.run (id integer)");
        await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<EnrichmentJournalException>();
        await _schema.ExecuteAsync("DROP TABLE $.run");

        await using NpgsqlDataSource others = _schema.With("role=none");
        await (await OpenAsync(others)).DisposeAsync();
    }

    [Fact]
    public async Task What_comes_while_one_commit_is_under_way_shares_the_next()
    {
        IJournalRun run = await OpenAsync();
        await using (run)
        {
            Task[] writes;
            await using (NpgsqlConnection other = await _schema.Database.OpenConnectionAsync(Token))
            await using (NpgsqlTransaction held = await other.BeginTransactionAsync(Token))
            {
                await using NpgsqlCommand hold = new($"LOCK TABLE {_schema.Name}.outcome IN EXCLUSIVE MODE", other);
                await hold.ExecuteNonQueryAsync(Token);
                writes = [.. Enumerable.Range(0, 200).Select(i => run.WriteAsync(Verdicts.Enriched($"{i}", [], 1), Token).AsTask())];
                writes.Should().NotContain(write => write.IsCompleted);
                await held.CommitAsync(Token);
            }

            await Task.WhenAll(writes).WithTimeout();
        }

        (await _schema.ExecuteAsync("SELECT count(*) FROM $.outcome")).Should().Be(200L);
        ((long)(await _schema.ExecuteAsync("SELECT count(DISTINCT xmin::text) FROM $.outcome"))!).Should().BeInRange(1, 2);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_ends_the_run_when_the_command_timeout_is_over()
    {
        await using NpgsqlDataSource impatient = _schema.With("role=none", connection => connection.CommandTimeout = 1);
        IJournalRun run = await OpenAsync(impatient);
        await using (run)
        await using (NpgsqlConnection other = await _schema.Database.OpenConnectionAsync(Token))
        await using (NpgsqlTransaction held = await other.BeginTransactionAsync(Token))
        {
            await using NpgsqlCommand hold = new($"LOCK TABLE {_schema.Name}.outcome IN EXCLUSIVE MODE", other);
            await hold.ExecuteNonQueryAsync(Token);

            await run.Awaiting(run => run.WriteAsync(Verdicts.Enriched("1", [], 1), Token).AsTask().WithTimeout())
                .Should().ThrowAsync<EnrichmentJournalException>().WithMessage("The journal '*' did not answer in time; *.");
        }
    }

    [Fact]
    public async Task A_commit_is_durable_where_the_server_would_not_wait_for_its_disk()
    {
        await using NpgsqlDataSource hasty = _schema.With("synchronous_commit=off", connection =>
        {
            connection.MaxPoolSize = 1;
            connection.NoResetOnClose = true;
        });
        await (await OpenAsync(hasty)).DisposeAsync();

        await using NpgsqlCommand show = hasty.CreateCommand("SHOW synchronous_commit");
        (await show.ExecuteScalarAsync(Token)).Should().Be("on");
    }

    [Fact]
    public async Task Whatever_text_a_service_sends_is_kept()
    {
        JournalRecord[] records =
        [
            Verdicts.Enriched("zero\0", ["\0", "\\u0000"], 1),
            JournalRecord.Unanswered("\\u0000", EnrichmentStatus.Failed, new(EnrichmentErrorKind.ServiceError, "\0 \\ \uD83D 😀", 500), 1),
        ];
        IJournalRun run = await OpenAsync();
        await using (run)
            await Task.WhenAll(records.Select(record => run.WriteAsync(record, Token).AsTask())).WithTimeout();

        IJournalRun next = await OpenAsync();
        await using (next)
        {
            foreach (JournalRecord record in records)
                (await next.FindAsync(record.IssuerId, Token)).Should().BeEquivalentTo(record);
        }
    }

    [Fact]
    public async Task Where_an_answer_came_from_is_kept()
    {
        JournalRecord record = Verdicts.Enriched("1", ["A"], 1) with
        {
            Provenance = new("GLEIF API")
            {
                RetrievedAt = new(2025, 6, 30, 12, 0, 0, TimeSpan.Zero),
                IsComplete = true,
                Facts = new Dictionary<string, string> { ["name"] = "é\0" },
            },
        };
        IJournalRun run = await OpenAsync();
        await using (run)
            await run.WriteAsync(record, Token);

        IJournalRun next = await OpenAsync();
        await using (next)
            (await next.FindAsync("1", Token)).Should().BeEquivalentTo(record);
    }

    [Fact]
    public async Task Long_ids_that_differ_at_the_end_are_told_apart()
    {
        Random random = new(1);
        string start = new([.. Enumerable.Range(0, 8191).Select(_ => (char)random.Next('\u4E00', '\u9FFF'))]);
        IJournalRun run = await OpenAsync();
        await using (run)
        {
            await run.WriteAsync(Verdicts.Enriched(start + 'a', ["A"], 1), Token);
            await run.WriteAsync(Verdicts.Enriched(start + 'b', ["B"], 1), Token);
        }

        IJournalRun next = await OpenAsync();
        await using (next)
        {
            (await next.FindAsync(start + 'a', Token))!.Isins().Should().Equal("A");
            (await next.FindAsync(start + 'b', Token))!.Isins().Should().Equal("B");
        }
    }

    [Theory]
    [InlineData("answer = NULL")]
    [InlineData("status = 'maybe'")]
    [InlineData("status = 'failed', error = 'Bad luck'")]
    [InlineData("status = 'failed', error = NULL")]
    public async Task A_row_that_no_run_can_have_written_ends_the_run(string change)
    {
        IJournalRun run = await OpenAsync();
        await using (run)
            await run.WriteAsync(Verdicts.Enriched("1", [], 1), Token);
        await _schema.ExecuteAsync($"UPDATE $.outcome SET {change}");

        IJournalRun next = await OpenAsync();
        await using (next)
        {
            await next.Awaiting(next => next.FindAsync("1", Token).AsTask()).Should().ThrowAsync<EnrichmentJournalException>()
                .WithMessage("The journal '*' is damaged; give the run another name to start from scratch: A row of the table 'outcome' cannot be read.");
        }
    }

    [Fact]
    public async Task A_user_who_may_not_create_a_schema_is_told_so_and_may_be_given_an_empty_one()
    {
        await _schema.ExecuteAsync("CREATE ROLE $");
        await using (NpgsqlDataSource poor = _schema.With($"role={_schema.Name}"))
        {
            await poor.Awaiting(poor => OpenAsync(poor)).Should().ThrowAsync<EnrichmentJournalException>()
                .WithMessage("The journal '*' does not permit access to this user; grant the missing permissions: 42501: permission denied for database *.");

            await _schema.ExecuteAsync("CREATE SCHEMA $ AUTHORIZATION $");
            await (await OpenAsync(poor)).DisposeAsync();
        }

        await _schema.ExecuteAsync("DROP SCHEMA $ CASCADE; DROP ROLE $");
    }

    [Fact]
    public async Task A_server_that_takes_no_changes_is_rejected()
    {
        await using NpgsqlDataSource standby = _schema.With("default_transaction_read_only=on");

        await standby.Awaiting(standby => OpenAsync(standby)).Should().ThrowAsync<EnrichmentJournalException>()
            .WithMessage("*cannot be written, because the server is a standby or read-only; connect to the primary.");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_of_in_one_sentence_without_the_password()
    {
        await using NpgsqlDataSource nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=me;Password=sesame;Database=issuers");

        (await nowhere.Awaiting(nowhere => OpenAsync(nowhere)).Should().ThrowAsync<EnrichmentJournalException>())
            .Which.Message.Should().StartWith("The journal 'tcp://127.0.0.1:1/issuers/journal_")
            .And.Contain("' cannot be reached; start the run again when the server is back: ").And.EndWith(".").And.NotContain("sesame").And.NotContain("\n");
    }

    [Fact]
    public async Task A_run_that_loses_its_session_ends_and_has_kept_its_outcomes()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        List<string> handedOut = [];
        Func<Task> run = async () =>
        {
            await foreach (EnrichmentOutcome outcome in Create(client).Stream(Enumerable.Range(0, 1_000_000).Select(id => $"{id}")).WithCancellation(Token))
            {
                if (outcome.Status != EnrichmentStatus.Enriched)
                    continue;
                handedOut.Add(outcome.IssuerId!);
                if (handedOut.Count == 100)
                    await EndSessionsAsync();
            }
        };

        await run.Invoking(run => run().WithTimeout()).Should().ThrowAsync<EnrichmentJournalException>()
            .WithMessage("*cannot be reached; start the run again when the server is back: *.");

        List<EnrichmentOutcome> again = await Create(client).Stream(handedOut).ToListAsync(Token).AsTask().WithTimeout();
        again.Should().HaveCountGreaterThanOrEqualTo(100).And.OnlyContain(outcome => outcome.Source == EnrichmentSource.Journal);
    }

    [Fact]
    public async Task What_is_written_after_the_end_is_rejected()
    {
        IJournalRun run = await OpenAsync();
        await run.DisposeAsync();

        await run.Awaiting(run => run.WriteAsync(Verdicts.Enriched("1", [], 1), Token).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_source_takes_the_database_of_the_container()
    {
        ServiceCollection services = new();
        services.AddSingleton<DbDataSource>(_schema.Database);
        services.AddIssuerEnrichment()
                .AddIssuerClient(new ScriptedIssuerClient(id => IssuerAnswer.Found([id])))
                .UsePostgresJournal(schema: _schema.Name);
        await using (ServiceProvider provider = services.BuildServiceProvider())
            await provider.GetRequiredService<IIssuerEnricher>().Stream(["1"]).ToListAsync(Token).AsTask().WithTimeout();

        (await _schema.ExecuteAsync("SELECT issuer FROM $.outcome")).Should().Be("1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Öffentlich")]
    [InlineData("a_name_that_postgresql_would_cut_down_to_what_another_journal_may_have")]
    public void A_schema_has_a_name_that_postgresql_takes_as_it_is(string schema) =>
        FluentActions.Invoking(() => new PostgresEnrichmentJournal(_schema.Database, schema)).Should().Throw<ArgumentException>();

    private IssuerEnricher Create(IIssuerClient client) => IssuerEnricher.Create(client, journal: _schema.Journal);

    private Task<IJournalRun> OpenAsync() => OpenAsync(Key);

    private Task<IJournalRun> OpenAsync(JournalKey key) => _schema.Journal.OpenAsync(key, Token).AsTask();

    private Task<IJournalRun> OpenAsync(NpgsqlDataSource database) => new PostgresEnrichmentJournal(database, _schema.Name).OpenAsync(Key, Token).AsTask();

    private Task<object?> DescribeAsync() => _schema.ExecuteAsync(
        """
        SELECT string_agg(relname || relkind::text || coalesce(obj_description(oid, 'pg_class'), ''), ',' ORDER BY oid)
        FROM pg_class WHERE relnamespace = '$'::regnamespace
        """);

    // Those of the other tests go on: what was last done in a session tells whose it is.
    private Task<object?> EndSessionsAsync() =>
        _schema.ExecuteAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%\"$\".outcome%' AND pid <> pg_backend_pid()");
}
