using System.IO.Compression;
using System.Text;
using IssuerEnrichment.Gleif.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Tests.Gleif;

/// <summary>GLEIF's daily file, as it comes and as it should not.</summary>
public sealed class GleifFileTests : IDisposable
{
    private static readonly string Lei = Entity.LeiOf(1);
    private static readonly string OtherLei = Entity.LeiOf(2);
    private static readonly string[] Isins = [.. Enumerable.Range(0, 9).Select(i => Entity.IsinOf(1, i))];

    private readonly string _folder = Directory.CreateTempSubdirectory("gleif-file-").FullName;

    private string Csv => Path.Combine(_folder, "lei-isin-20260913T071511.csv");

    private string Index => Csv + ".index";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_issuer_gets_its_isins_and_one_that_the_file_has_not_gets_none()
    {
        Write($"LEI,ISIN\n{Lei},{Isins[1]}\n{OtherLei},{Isins[2]}\n{Lei},{Isins[0]}\n");

        List<EnrichmentOutcome> outcomes = await AskAsync([Lei, OtherLei, Entity.LeiOf(3), "LEI-1", Lei]);

        outcomes.Select(outcome => outcome.Isins).Should().BeEquivalentTo(
            new string[]?[] { [Isins[0], Isins[1]], [Isins[2]], [], null, [Isins[0], Isins[1]] }, options => options.WithStrictOrdering());
        outcomes[3].Status.Should().Be(EnrichmentStatus.Invalid);
        outcomes[0].Provenance.Should().Match<AnswerProvenance>(from => from.Source == "GLEIF daily file" && from.IsComplete
            && from.DataDate == new DateTimeOffset(2026, 9, 13, 7, 15, 11, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_zip_is_read_without_being_unpacked_and_tells_its_date()
    {
        string zip = Path.Combine(_folder, "latest.zip");
        using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        using (Stream entry = archive.CreateEntry("lei-isin-20260913T071511.csv").Open())
            entry.Write(Encoding.UTF8.GetBytes($"LEI,ISIN\r\n{Lei},{Isins[0]}\r\n"));

        EnrichmentOutcome outcome = (await AskAsync([Lei], options => options.Path = zip)).Single();

        outcome.Isins.Should().Equal(Isins[0]);
        outcome.Provenance!.DataDate!.Value.Hour.Should().Be(7);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_counted_and_the_rest_is_read()
    {
        Write($"""
            {'\uFEFF'}"LEI","ISIN"
            {Lei},{Isins[0]}
            "{Lei}","{Isins[1]}"
            {Lei},{Isins[0]}
             {Lei} , {Isins[2]} ,more

            {Lei}
            {Lei},
            {Lei},us0378331005
            {Lei},{Isins[3]}0
            {Lei[..19]},{Isins[4]}
            {Lei[..19]}X,{Isins[5]}
            ,
            {Lei},NGSDCBANCO00
            {new string('x', 3 << 20)}
            {Lei},{Isins[6]}
            """);

        GleifFileSummary summary = GleifFileIndex.Build(Csv, Index, TestContext.Current.CancellationToken);

        summary.Should().Be(new GleifFileSummary
        {
            DataDate = new DateTimeOffset(2026, 9, 13, 7, 15, 11, TimeSpan.Zero),
            Rows = 14,
            Leis = 1,
            Isins = 5,
            Duplicates = 1,
            ShortRows = 2,
            BadIsins = 3,
            BadLeis = 3,
        });
        Find(Lei).Should().Equal("NGSDCBANCO00", Isins[0], Isins[1], Isins[2], Isins[6]);
    }

    [Fact]
    public async Task Where_rows_were_skipped_nothing_is_said_to_be_complete()
    {
        Write($"LEI,ISIN\n{Lei},{Isins[0]}\n{Lei}\n");

        (await AskAsync([Lei])).Single().Provenance!.IsComplete.Should().BeFalse();
    }

    [Fact]
    public void Every_row_is_found_wherever_the_buffer_ends()
    {
        // Fifty thousand rows go beyond one buffer; the lengths of lines vary.
        Random random = new(1);
        (string Lei, string Isin)[] rows = [.. Enumerable.Range(0, 50_000).Select(i => (Entity.LeiOf(random.Next(3_000)), Entity.IsinOf(7, random.Next(20_000))))];
        Write("LEI,ISIN\n" + string.Concat(rows.Select(row => row.Lei + (random.Next(2) == 0 ? "," : " , ") + row.Isin + (random.Next(2) == 0 ? "\n" : "\r\n"))));

        GleifFileSummary summary = GleifFileIndex.Build(Csv, Index, TestContext.Current.CancellationToken);

        summary.Should().Match<GleifFileSummary>(file => file.Rows == 50_000 && file.Skipped == 0 && file.Isins + file.Duplicates == 50_000);
        foreach (IGrouping<string, string> issuer in rows.GroupBy(row => row.Lei, row => row.Isin))
            Find(issuer.Key).Should().Equal(issuer.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_index_is_used_again_until_the_file_changes()
    {
        Write($"LEI,ISIN\n{Lei},{Isins[0]}\n");
        await AskAsync([Lei]);
        DateTime madeAt = File.GetLastWriteTimeUtc(Index);

        (await AskAsync([Lei])).Single().Isins.Should().Equal(Isins[0]);
        File.GetLastWriteTimeUtc(Index).Should().Be(madeAt);

        Write($"LEI,ISIN\n{Lei},{Isins[0]}\n{Lei},{Isins[1]}\n");
        (await AskAsync([Lei])).Single().Isins.Should().Equal(Isins[0], Isins[1]);
        Directory.GetFiles(_folder).Should().BeEquivalentTo(Csv, Index);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(120)]
    public async Task A_damaged_index_is_made_anew(int length)
    {
        Write($"LEI,ISIN\n{Lei},{Isins[0]}\n");
        await AskAsync([Lei]);
        byte[] whole = await File.ReadAllBytesAsync(Index, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Index, whole[..length], TestContext.Current.CancellationToken);

        (await AskAsync([Lei])).Single().Isins.Should().Equal(Isins[0]);
    }

    [Fact]
    public async Task An_index_made_of_a_stream_needs_no_file()
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes($"LEI,ISIN\n{Lei},{Isins[0]}\n"));
        GleifFileIndex.Build(stream, Index, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);

        EnrichmentOutcome outcome = (await AskAsync([Lei], options => (options.Path, options.IndexPath) = (null, Index))).Single();

        outcome.Isins.Should().Equal(Isins[0]);
        outcome.Provenance!.DataDate!.Value.Day.Should().Be(2);
    }

    [Theory]
    [InlineData("", "its first line is not LEI,ISIN")]
    [InlineData("<html>", "its first line is not LEI,ISIN")]
    [InlineData("LEI,BIC\n", "its first line is not LEI,ISIN")]
    public async Task What_is_no_file_of_gleifs_fails_every_issuer_with_the_reason(string text, string reason)
    {
        Write(text);

        List<EnrichmentOutcome> outcomes = await AskAsync([Lei, OtherLei]);

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Failed && outcome.Isins == null
            && outcome.Error!.Message == $"GLEIF's file cannot be read: {reason}.");
        Directory.GetFiles(_folder).Should().Equal(Csv);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_before_anything_is_asked()
    {
        Func<Task> ask = () => AskAsync([Lei]);

        (await ask.Should().ThrowAsync<OptionsValidationException>()).WithMessage("Path is '*'; there is no such file.");
    }

    private void Write(string text) => File.WriteAllText(Csv, text);

    private string[] Find(string lei)
    {
        IsinIndex.TryOpen(Index, source: null, out IsinIndex? index).Should().BeTrue();
        using (index)
            return index!.Find(lei);
    }

    private async Task<List<EnrichmentOutcome>> AskAsync(string[] leis, Action<GleifFileOptions>? configure = null)
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddGleifFileIssuerClient(options =>
        {
            options.Path = Csv;
            configure?.Invoke(options);
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<IIssuerEnricher>().Stream(leis, new EnrichmentRunOptions { Ordered = true })
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().WithFuse();
    }
}
