using System.Globalization;
using CsCheck;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>What any journal must do, alone and below a run.</summary>
public abstract class EnrichmentJournalContract
{
    private static readonly JournalKey Key = new("", "", new string('0', 64));

    private static readonly EnrichmentError Error = new(EnrichmentErrorKind.ServiceError, "The service failed with status 500.", 500);

    private static readonly DateTimeOffset Time = new(2025, 6, 30, 23, 59, 59, 999, TimeSpan.FromHours(-5));

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The journal under test: every time anew, as a process would that starts after the last one has ended, and with what that one kept.</summary>
    protected abstract IEnrichmentJournal Open();

    [Fact]
    public async Task What_was_kept_is_found_by_the_next_run()
    {
        JournalRecord[] records =
        [
            Verdicts.Enriched("1", ["US0378331005", "not an ISIN", "", "\"'\\\n\u0001é漢😀"], 2) with { GivenAt = Time },
            Verdicts.Enriched("none", [], 1),
            JournalRecord.Unanswered("2", EnrichmentStatus.NotFound, new(EnrichmentErrorKind.Rejected, "The service knows no such issuer."), 1) with
            {
                GivenAt = Time.AddMilliseconds(1),
            },
            JournalRecord.Unanswered("3", EnrichmentStatus.Failed, Error, 5),
        ];

        await WriteAsync(Key, records);

        foreach (JournalRecord record in records)
            (await FindAsync(Key, record.IssuerId)).Should().BeEquivalentTo(record);
        (await FindAsync(Key, "4")).Should().BeNull();
    }

    [Fact]
    public async Task Ids_are_told_apart_to_the_last_bit()
    {
        string[] ids = ["a", "A", "a ", "á", "a\u0301", "a\uD83D", "a\uDE00", "a\uFFFD", "a\uD83D\uDE00", "a\0", "a\0b", "1", "01", "'; DROP TABLE outcome; --", new string('x', 8192)];

        await WriteAsync(Key, ids.Select(id => Verdicts.Enriched(id, [id.Length.ToString(CultureInfo.InvariantCulture)], Array.IndexOf(ids, id))));

        foreach (string id in ids)
            (await FindAsync(Key, id))!.Attempts.Should().Be(Array.IndexOf(ids, id));
    }

    [Theory]
    [InlineData("run", "", "0")]
    [InlineData("", "source", "0")]
    [InlineData("", "", "1")]
    public async Task Nothing_is_found_under_another_key(string run, string source, string shape)
    {
        await WriteAsync(Key, [Verdicts.Enriched("1", [], 1)]);
        JournalKey other = new(run, source, new string(shape[0], 64));

        (await FindAsync(other, "1")).Should().BeNull();
        await WriteAsync(other, [Verdicts.Enriched("1", ["other"], 1)]);

        (await FindAsync(other, "1"))!.Isins().Should().Equal("other");
        (await FindAsync(Key, "1"))!.Isins().Should().BeEmpty();
    }

    [Fact]
    public async Task Of_two_records_of_one_issuer_the_later_counts()
    {
        await WriteAsync(Key, [JournalRecord.Unanswered("1", EnrichmentStatus.Failed, Error, 5), Verdicts.Enriched("1", ["A"], 1)]);
        (await FindAsync(Key, "1"))!.Isins().Should().Equal("A");

        await WriteAsync(Key, [JournalRecord.Unanswered("1", EnrichmentStatus.Failed, Error, 3)]);
        (await FindAsync(Key, "1")).Should().BeEquivalentTo(JournalRecord.Unanswered("1", EnrichmentStatus.Failed, Error, 3));
    }

    [Fact]
    public async Task Many_write_at_once_while_one_reads()
    {
        await WriteAsync(Key, [Verdicts.Enriched("old", [], 1)]);
        IJournalRun run = await Open().OpenAsync(Key, Token);
        await using (run)
        {
            Task writes = Task.WhenAll(Enumerable.Range(0, 500).Select(
                i => Task.Run(() => run.WriteAsync(Verdicts.Enriched($"{i}", [$"{i}"], i), Token).AsTask(), Token)));
            while (!writes.IsCompleted)
                (await run.FindAsync("old", Token)).Should().NotBeNull();
            await writes.WithTimeout();
        }

        IJournalRun next = await Open().OpenAsync(Key, Token);
        await using (next)
        {
            for (int i = 0; i < 500; i++)
                (await next.FindAsync($"{i}", Token))!.Attempts.Should().Be(i);
        }
    }

    [Fact]
    public void Whatever_is_kept_is_found_as_it_was() => Gen.Select(
        Gen.String[1, 20], Gen.String.Array[0, 5], Gen.Int[0, 100], Gen.Enum<EnrichmentErrorKind>(), Gen.Int[100, 599].Nullable(), Gen.Int[0, 2])
        .Select((id, isins, attempts, kind, http, way) => way == 0
            ? Verdicts.Enriched(id, isins, attempts)
            : JournalRecord.Unanswered(id, way == 1 ? EnrichmentStatus.NotFound : EnrichmentStatus.Failed, new(kind, string.Concat(isins), http), attempts))
        .Array[1, 20]
        .Sample(
            records =>
            {
                JournalKey key = new(Guid.NewGuid().ToString(), "", "");
                Task.Run(() => WriteAsync(key, records)).GetAwaiter().GetResult();
                IJournalRun run = Task.Run(() => Open().OpenAsync(key, Token).AsTask()).GetAwaiter().GetResult();
                foreach (JournalRecord record in records.Reverse().DistinctBy(record => record.IssuerId))
                    Task.Run(() => run.FindAsync(record.IssuerId, Token).AsTask()).GetAwaiter().GetResult().Should().BeEquivalentTo(record);
                Task.Run(() => run.DisposeAsync().AsTask()).GetAwaiter().GetResult();
            },
            iter: 20,
            threads: 1);

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential)]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    public async Task A_run_that_is_started_again_asks_only_for_what_has_no_verdict(string strategy)
    {
        string[] ids = [.. Enumerable.Range(1, 100).Select(id => $"{id}")];
        ScriptedIssuerClient client = new(id => id switch
        {
            "7" => IssuerAnswer.NotFound,
            "8" => throw ServiceFailure.Permanent(),
            _ => IssuerAnswer.Found([id]),
        });
        EnrichmentRunOptions options = new() { Strategy = strategy, MarketSectors = ["Sovereign"], Ordered = true };
        List<EnrichmentOutcome> first = await EnrichAsync(client, ids[..60], options);

        IEnrichmentRun run = IssuerEnricher.Create(client, journal: Open()).Stream(ids, options);
        List<EnrichmentOutcome> second = await run.ToListAsync(Token).AsTask().WithTimeout();

        client.Attempts.Should().Be(100);
        second.Select(outcome => outcome.IssuerId).Should().Equal(ids);
        second.Take(60).Should().BeEquivalentTo(first, outcome => outcome.Excluding(one => one.Source).Excluding(one => one.Time).Excluding(one => one.Requests)
            .Excluding(one => one.Error!.Exception));
        second.Take(60).Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Journal);
        second.Skip(60).Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Service && outcome.Type == IssuerType.Sovereign);
        run.Report.Should().Match<EnrichmentReport>(report =>
            report.IsBalanced && report.Inputs == 100 && report.Lookups == 40 && report.Requests == 40 && report.Retries == 0 && report.Failed == 1);
    }

    [Fact]
    public async Task Failures_are_asked_for_again_where_that_is_wanted()
    {
        ScriptedIssuerClient client = new((id, attempt) => id switch
        {
            "fails once" when attempt == 1 => throw ServiceFailure.Permanent(),
            "fails" => throw ServiceFailure.Permanent(),
            "unknown" => IssuerAnswer.NotFound,
            _ => IssuerAnswer.Found([id]),
        });
        string[] ids = ["fine", "unknown", "fails once", "fails"];
        EnrichmentRunOptions again = new() { Ordered = true, Journal = new() { RetryFailed = true } };
        await EnrichAsync(client, ids, new());

        List<EnrichmentOutcome> outcomes = await EnrichAsync(client, ids, again);
        List<EnrichmentOutcome> last = await EnrichAsync(client, ids, again);

        outcomes.Select(outcome => outcome.Status).Should().Equal(
            EnrichmentStatus.Enriched, EnrichmentStatus.NotFound, EnrichmentStatus.Enriched, EnrichmentStatus.Failed);
        outcomes.Select(outcome => outcome.Source == EnrichmentSource.Journal).Should().Equal(true, true, false, false);
        last.Select(outcome => outcome.Source == EnrichmentSource.Journal).Should().Equal(true, true, true, false);
        ids.Select(client.AttemptsOf).Should().Equal(1, 1, 2, 3);
    }

    private async Task<List<EnrichmentOutcome>> EnrichAsync(IIssuerClient client, string[] ids, EnrichmentRunOptions options)
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(client, journal: Open());
        return await enricher.Stream(ids, options).ToListAsync(Token).AsTask().WithTimeout();
    }

    private async Task WriteAsync(JournalKey key, IEnumerable<JournalRecord> records)
    {
        IJournalRun run = await Open().OpenAsync(key, Token);
        await using (run)
        {
            foreach (JournalRecord record in records)
                await run.WriteAsync(record, Token);
        }
    }

    private async Task<JournalRecord?> FindAsync(JournalKey key, string issuerId)
    {
        IJournalRun run = await Open().OpenAsync(key, Token);
        await using (run)
            return await run.FindAsync(issuerId, Token);
    }
}
