using System.Runtime.CompilerServices;

namespace EnrichIssuers.Job;

/// <summary>The ids to look up, read during the run: the lines of a text file, or one column of a CSV file.</summary>
internal sealed class IssuerIds : IDisposable
{
    private readonly InputText _text;
    private readonly CsvColumn? _column;

    private IssuerIds(InputText text, CsvColumn? column)
    {
        _text = text;
        _column = column;
    }

    /// <summary>Opens the input and finds the column.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="stop">Ends the input of a terminal or a pipe after a short time. A file is always read to the end.</param>
    /// <exception cref="UsageException">There is no such file or column.</exception>
    public static async Task<IssuerIds> OpenAsync(JobSettings settings, CancellationToken stop)
    {
        if (settings.Ids == "-" && StandardStreams.IsInputClosed)
            throw new UsageException("Standard input is closed; give --ids a file.");
        Stream stream = settings.Ids == "-" ? Console.OpenStandardInput() : await JobFile.OpenForReadingAsync("--ids", settings.Ids, stop);
        InputText text = new(stream, stream.CanSeek ? CancellationToken.None : ShortlyAfter(stop));
        bool isCsv = settings.IdColumn is not null || settings.Ids.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        return new IssuerIds(text, isCsv ? await CsvColumn.FindAsync(text, settings.IdColumn ?? "id", settings.Ids) : null);
    }

    /// <summary>Returns the ids unchanged, without blank lines.</summary>
    public IAsyncEnumerable<string?> ReadAsync() => _column?.ReadAsync() ?? ReadLinesAsync();

    public void Dispose()
    {
        _column?.Dispose();
        _text.Dispose();
    }

    private async IAsyncEnumerable<string?> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LineReader lines = new(_text);
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return line;
        }
    }

    // Ids written to a pipe before the interruption still get an outcome.
    private static CancellationToken ShortlyAfter(CancellationToken stop)
    {
        CancellationTokenSource end = new();
        stop.Register(() => end.CancelAfter(TimeSpan.FromSeconds(1)));
        return end.Token;
    }
}
