using System.Globalization;
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
            {string.Join('\n', Isins[7..].Select(isin => $"{OtherLei},{isin}"))}
            """);

        GleifFileSummary summary = GleifFileIndex.Build(Csv, Index, TestContext.Current.CancellationToken);

        summary.Should().Be(new GleifFileSummary
        {
            DataDate = new DateTimeOffset(2026, 9, 13, 7, 15, 11, TimeSpan.Zero),
            Rows = 16,
            Leis = 2,
            Isins = 7,
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
    [InlineData("", "it is empty")]
    [InlineData("<html>", "its first line does not name the columns LEI and ISIN, separated by commas")]
    [InlineData("LEI,BIC\n", "its first line does not name the columns LEI and ISIN, separated by commas")]
    [InlineData("LEI;ISIN\n{0};{1}\n", "its first line does not name the columns LEI and ISIN, separated by commas")]
    [InlineData("LEI,ISIN\n", "it has a header but no rows")]
    [InlineData("LEI,ISIN\n{0};{1}\n", "1 of its 1 rows cannot be read: 1 are short, 0 have no LEI, 0 no ISIN")]
    [InlineData("LEI,ISIN\n{1},{0}\n", "1 of its 1 rows cannot be read: 0 are short, 1 have no LEI, 0 no ISIN")]
    [InlineData("LEI,ISIN\nhwupkr0mpou8fgxbt394,us0378331005\n", "1 of its 1 rows cannot be read: 0 are short, 1 have no LEI, 0 no ISIN")]
    [InlineData("LEI,ISIN\n\"{0},{1}\n{0},{1}\n", "the quotation mark in line 2 is not closed")]
    [InlineData("LEI,ISIN\n{0},{1}\n{0},{1}\n\"{0},{1}\n{0},{1}\n", "the quotation mark in line 4 is not closed")]
    public async Task What_is_no_file_of_gleifs_is_no_verdict_on_any_issuer(string text, string reason)
    {
        Write(string.Format(CultureInfo.InvariantCulture, text, Lei, Isins[0]));

        (await AskAsync([Lei, OtherLei])).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted && outcome.Isins == null
            && outcome.Error!.Kind == EnrichmentErrorKind.SourceUnusable && outcome.Error.Message == $"GLEIF's file {Csv} cannot be used: {reason}.");
        Directory.GetFiles(_folder).Should().Equal(Csv);
    }

    [Theory]
    [InlineData("ISIN,LEI\n{1},{0}\n")]
    [InlineData(" lei , Name , isin \r\n{0},\"Hat, \"\"and\"\" comma\",{1}\r\n")]
    [InlineData("LEI,ISIN\r{0},{1}\r")]
    public async Task Columns_are_found_by_their_names(string text)
    {
        Write(string.Format(CultureInfo.InvariantCulture, text, Lei, Isins[0]));

        (await AskAsync([Lei])).Single().Isins.Should().Equal(Isins[0]);
    }

    [Theory]
    [InlineData(false, "lei.csv in the zip is damaged: its checksum differs from that in the zip's directory")]
    [InlineData(true, "lei.csv in the zip is cut short: it has 43 bytes instead of 299")]
    public async Task A_file_that_was_damaged_in_its_zip_has_no_answers(bool isCutShort, string reason)
    {
        string zip = Path.Combine(_folder, "latest.zip");
        Zip(zip, CompressionLevel.NoCompression, ("lei.csv", $"LEI,ISIN\n{Lei},{Isins[0]}\n"));
        byte[] bytes = await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken);
        if (isCutShort)
            bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 25] += 1; // The uncompressed size in the directory, its second byte.
        else
            bytes[bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Isins[0])) + 5] ^= 1;
        await File.WriteAllBytesAsync(zip, bytes, TestContext.Current.CancellationToken);

        EnrichmentOutcome outcome = (await AskAsync([Lei], options => options.Path = zip)).Single();

        outcome.Error!.Message.Should().Be($"GLEIF's file {zip} cannot be used: {reason}.");
        outcome.Isins.Should().BeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_zip_has_one_file_of_them(int files)
    {
        string zip = Path.Combine(_folder, "latest.zip");
        Zip(zip, CompressionLevel.Fastest, [("readme.txt", ""), .. Enumerable.Range(0, files).Select(i => ($"{i}.csv", $"LEI,ISIN\n{Lei},{Isins[i]}\n"))]);

        EnrichmentOutcome outcome = (await AskAsync([Lei], options => options.Path = zip)).Single();

        outcome.Error!.Message.Should().Contain($"the zip must contain one CSV file, but contains {files}");
    }

    [Fact]
    public async Task A_download_is_indexed_as_it_comes()
    {
        string zip = Path.Combine(_folder, "latest.zip");
        Zip(zip, CompressionLevel.Optimal, ("lei.csv", $"LEI,ISIN\n{Lei},{Isins[0]}\n"));
        using (GZipStream download = new(Gzipped(zip), CompressionMode.Decompress))
            GleifFileIndex.Build(download, Index, cancellationToken: TestContext.Current.CancellationToken).Isins.Should().Be(1);

        (await AskAsync([Lei], options => (options.Path, options.IndexPath) = (null, Index))).Single().Isins.Should().Equal(Isins[0]);
    }

    [Fact]
    public async Task A_byte_that_changed_in_the_index_is_noticed()
    {
        Write($"LEI,ISIN\n{Lei},{Isins[0]}\n");
        await AskAsync([Lei]);
        byte[] index = await File.ReadAllBytesAsync(Index, TestContext.Current.CancellationToken);
        index[^3] ^= 1;
        await File.WriteAllBytesAsync(Index, index, TestContext.Current.CancellationToken);

        (await AskAsync([Lei], options => (options.Path, options.IndexPath) = (null, Index))).Single().Error!.Message.Should().Contain("it is not a complete index");
        (await AskAsync([Lei])).Single().Isins.Should().Equal(Isins[0]);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_before_anything_is_asked()
    {
        Func<Task> ask = () => AskAsync([Lei]);

        (await ask.Should().ThrowAsync<OptionsValidationException>()).WithMessage("Path is '*'; there is no such file.");
    }

    private static void Zip(string path, CompressionLevel level, params (string Name, string Text)[] files)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, string text) in files)
        {
            using Stream entry = archive.CreateEntry(name, level).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private static MemoryStream Gzipped(string path)
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(path));
        packed.Position = 0;
        return packed;
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
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();
    }
}
