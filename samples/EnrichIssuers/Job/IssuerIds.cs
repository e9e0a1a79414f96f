using System.Runtime.CompilerServices;

namespace EnrichIssuers.Job;

/// <summary>The ids to look up, read while the run goes on: the lines of a text, or one column of a CSV file.</summary>
internal sealed class IssuerIds : IDisposable
{
    private readonly LineReader _lines;
    private readonly CsvRecord _record = new();
    private readonly bool _isCsv;
    private int _column;

    private IssuerIds(LineReader lines, bool isCsv)
    {
        _lines = lines;
        _isCsv = isCsv;
    }

    /// <summary>Opens the input and finds the column.</summary>
    /// <param name="settings">Where the ids are.</param>
    /// <param name="stop">Ends a terminal or a pipe, which may have no end, shortly after; a file is read to its end all the same.</param>
    /// <exception cref="UsageException">There is no such file or column.</exception>
    public static async Task<IssuerIds> OpenAsync(JobSettings settings, CancellationToken stop)
    {
        Stream stream = settings.Ids == "-" ? Console.OpenStandardInput() : JobFile.OpenForReading(settings.Ids);
        bool isCsv = settings.IdColumn is not null || settings.Ids.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        IssuerIds ids = new(new LineReader(stream, stream.CanSeek ? CancellationToken.None : ShortlyAfter(stop)), isCsv);
        if (isCsv)
            await ids.FindColumnAsync(settings.IdColumn ?? "id", settings.Ids);
        return ids;
    }

    /// <summary>The ids, as they are written. Blank lines are none.</summary>
    public async IAsyncEnumerable<string?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _lines.ReadAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (!_isCsv)
                yield return line;
            else if (await ReadRecordAsync(line, cancellationToken))
                yield return _record.Fields.ElementAtOrDefault(_column);
        }
    }

    public void Dispose() => _lines.Dispose();

    private async Task FindColumnAsync(string name, string file)
    {
        if (await _lines.ReadAsync(CancellationToken.None) is not { } header || !await ReadRecordAsync(header, CancellationToken.None))
            throw new UsageException($"--ids {file} is empty; a CSV file begins with a header that names its columns.");
        _column = _record.Fields.ToList().IndexOf(name);
        if (_column < 0)
            throw new UsageException($"--ids {file} has no column '{name}'; give --id-column one of {string.Join(", ", _record.Fields.Select(field => $"'{field}'"))}.");
    }

    private async ValueTask<bool> ReadRecordAsync(string firstLine, CancellationToken cancellationToken)
    {
        for (string? line = firstLine; line is not null; line = await _lines.ReadAsync(cancellationToken))
        {
            if (_record.Add(line))
                return true;
        }

        throw new UsageException("--ids ends within a quoted field; is there a quote too many?");
    }

    // What was written to a pipe before the interruption is worth reading: it gets its outcome.
    private static CancellationToken ShortlyAfter(CancellationToken stop)
    {
        CancellationTokenSource end = new();
        stop.Register(() => end.CancelAfter(TimeSpan.FromSeconds(1)));
        return end.Token;
    }
}
