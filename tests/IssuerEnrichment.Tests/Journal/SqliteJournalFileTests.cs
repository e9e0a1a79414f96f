using System.Buffers.Binary;
using IssuerEnrichment.Testing;
using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>What may be wrong with the file of a journal: one sentence says it, and what is not ours stays as it was.</summary>
public sealed class SqliteJournalFileTests : IDisposable
{
    private static readonly JournalKey Key = new("", "", "");

    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;
    private readonly string _file;

    public SqliteJournalFileTests() => _file = Path.Combine(_folder, "run.journal");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task After_a_run_everything_is_in_one_file()
    {
        await WriteAsync(300);

        Directory.GetFiles(_folder).Should().BeEquivalentTo([_file, _file + "-lock"]);
        new FileInfo(_file + "-lock").Length.Should().Be(0);
        (await CountAsync()).Should().Be(300);
    }

    [Fact]
    public async Task An_empty_file_is_a_new_journal()
    {
        await File.WriteAllBytesAsync(_file, [], Token);

        await WriteAsync(1);

        (await CountAsync()).Should().Be(1);
    }

    [Theory]
    [InlineData("issuers")]
    [InlineData("id,isin\n1,US0378331005\n and so on, for longer than the header of a SQLite file is, which has a hundred bytes, as any file may have")]
    public async Task A_file_that_is_no_sqlite_is_left_alone(string text)
    {
        await File.WriteAllTextAsync(_file, text, Token);

        await RefusesUnchangedAsync("is not a journal or any other SQLite file");
    }

    [Fact]
    public async Task A_sqlite_file_of_another_application_is_left_alone()
    {
        await using (SqliteConnection other = await ConnectAsync())
            await ExecuteAsync(other, "CREATE TABLE outcome (run); PRAGMA user_version = 1");

        await RefusesUnchangedAsync("another application");
    }

    [Theory]
    [InlineData(1, "has version 1, but this program requires version 2; give the journal another path.")]
    [InlineData(3, "has version 3, but this program requires version 2; update the program, or give the journal another path.")]
    public async Task A_journal_of_another_version_is_left_alone(int version, string message)
    {
        await WriteAsync(1);
        byte[] bytes = await File.ReadAllBytesAsync(_file, Token);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(60), version);
        await File.WriteAllBytesAsync(_file, bytes, Token);

        await RefusesUnchangedAsync(message);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public async Task A_journal_cut_short_is_left_alone(int length)
    {
        await WriteAsync(1000);
        byte[] bytes = await File.ReadAllBytesAsync(_file, Token);
        await File.WriteAllBytesAsync(_file, bytes[..length], Token);

        await RefusesUnchangedAsync(length < 100 ? "or any other SQLite file" : "is damaged; move it away to start from scratch");
    }

    [Fact]
    public async Task A_journal_with_a_hole_is_left_alone()
    {
        await WriteAsync(1000);
        byte[] bytes = await File.ReadAllBytesAsync(_file, Token);
        bytes.AsSpan(5 * 4096, 4096).Clear();
        await File.WriteAllBytesAsync(_file, bytes, Token);

        await RefusesUnchangedAsync("is damaged; move it away to start from scratch");
    }

    [Fact]
    public async Task A_row_that_no_run_can_have_written_ends_the_run()
    {
        await WriteAsync(2);
        await using (SqliteConnection other = await ConnectAsync())
            await ExecuteAsync(other, "UPDATE outcome SET answer = NULL WHERE issuer = '1'");

        IJournalRun run = await OpenAsync();
        await using (run)
        {
            (await run.FindAsync("0", Token)).Should().NotBeNull();
            await run.Awaiting(run => run.FindAsync("1", Token).AsTask()).Should().ThrowAsync<EnrichmentJournalException>()
                .WithMessage($"The journal '{_file}' is damaged; move it away to start from scratch: A row of the table 'outcome' cannot be read.");
        }
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_not_created()
    {
        SqliteEnrichmentJournal journal = new(Path.Combine(_folder, "no", "such.journal"));

        await journal.Awaiting(journal => journal.OpenAsync(Key, Token).AsTask()).Should().ThrowAsync<EnrichmentJournalException>()
            .WithMessage("*cannot be created, because its folder does not exist.");
        Directory.GetFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        Directory.CreateDirectory(_file);

        await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<EnrichmentJournalException>().WithMessage("*cannot be opened for writing*");
    }

    [Fact]
    public async Task While_a_run_has_the_journal_another_one_is_rejected_at_once()
    {
        IJournalRun first = await OpenAsync();
        await using (first)
        {
            await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<EnrichmentJournalException>().WithMessage("*in use by another run; wait*");
            await first.WriteAsync(Verdicts.Enriched("1", [], 1), Token);
        }

        (await CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_crash_loses_nothing_that_was_kept()
    {
        string afterCrash = Path.Combine(_folder, "after.journal");
        IJournalRun run = await OpenAsync();
        await using (run)
        {
            await run.WriteAsync(Verdicts.Enriched("1", ["US0378331005"], 1), Token);

            // What a machine that loses its power at this moment has on its disk.
            File.Copy(_file, afterCrash);
            File.Copy(_file + "-wal", afterCrash + "-wal");
        }

        IJournalRun next = await new SqliteEnrichmentJournal(afterCrash).OpenAsync(Key, Token);
        await using (next)
            (await next.FindAsync("1", Token))!.Isins().Should().Equal("US0378331005");
    }

    [Fact]
    public async Task What_is_written_after_the_end_is_rejected()
    {
        IJournalRun run = await OpenAsync();
        await run.DisposeAsync();

        await run.Awaiting(run => run.WriteAsync(Verdicts.Enriched("1", [], 1), Token).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_run_that_cannot_write_ends_with_one_sentence()
    {
        IEnrichmentRun run = IssuerEnricher.Create(new ScriptedIssuerClient(id => IssuerAnswer.Found([id])), journal: new SqliteEnrichmentJournal(_file))
            .Stream(Enumerable.Range(0, 10_000).Select(id => $"{id}"));
        await using IAsyncEnumerator<EnrichmentOutcome> outcomes = run.GetAsyncEnumerator(Token);
        await outcomes.MoveNextAsync();
        await using (SqliteConnection other = await ConnectAsync())
            await ExecuteAsync(other, "CREATE TRIGGER full BEFORE INSERT ON outcome BEGIN SELECT RAISE(ABORT, 'no room'); END");

        Func<Task> rest = async () =>
        {
            while (await outcomes.MoveNextAsync())
            {
            }
        };

        await rest.Should().ThrowAsync<EnrichmentJournalException>().WithMessage($"The journal '{_file}' failed: *no room*.");
        (await CountAsync()).Should().BeGreaterThan(0);
    }

    private async Task RefusesUnchangedAsync(string because)
    {
        byte[] before = await File.ReadAllBytesAsync(_file, Token);

        (await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<EnrichmentJournalException>())
            .Which.Message.Should().Contain($"'{_file}'").And.Contain(because).And.EndWith(".").And.NotContain("\n");

        (await File.ReadAllBytesAsync(_file, Token)).Should().Equal(before);
        Directory.GetFiles(_folder).Should().BeEquivalentTo([_file, _file + "-lock"]);
    }

    private Task<IJournalRun> OpenAsync() => new SqliteEnrichmentJournal(_file).OpenAsync(Key, Token).AsTask();

    private async Task WriteAsync(int count)
    {
        IJournalRun run = await OpenAsync();
        await using (run)
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(
                i => run.WriteAsync(Verdicts.Enriched($"{i}", [new string('x', 100)], 1), Token).AsTask()));
        }
    }

    private async Task<long> CountAsync()
    {
        await using SqliteConnection connection = await ConnectAsync();
        await using SqliteCommand count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM outcome";
        return (long)(await count.ExecuteScalarAsync(Token))!;
    }

    private async Task<SqliteConnection> ConnectAsync()
    {
        SqliteConnection connection = new($"Data Source={_file};Pooling=False");
        await connection.OpenAsync(Token);
        return connection;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }
}
