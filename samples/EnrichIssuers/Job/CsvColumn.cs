using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace EnrichIssuers.Job;

/// <summary>Reads one column of a CSV file (RFC 4180).</summary>
internal sealed class CsvColumn : IDisposable
{
    private const int MaxField = 1 << 20;
    private const int MaxNames = 20;

    private readonly CsvParser _csv;
    private string[] _record = [];
    private int _column;

    private CsvColumn(TextReader text) => _csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
    {
        MaxFieldSize = MaxField,
        BadDataFound = found => throw Misquoted(found.Context.Parser!.RawRow),
    });

    /// <summary>Finds the column by its name, ignoring case and surrounding blanks.</summary>
    /// <exception cref="UsageException">There is no such column.</exception>
    public static async Task<CsvColumn> FindAsync(TextReader text, string name, string file)
    {
        CsvColumn column = new(text);
        if (await column.MoveAsync() is not true)
            throw new UsageException($"--ids {file} is empty; a CSV file starts with a header line.");
        string[] names = [.. column._record.Select(name => name.Trim())];
        column._column = Array.FindIndex(names, other => other.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
        return column._column >= 0 ? column : throw new UsageException($"--ids {file} has no column '{name}'; give --id-column one of {List(names)}.");
    }

    /// <summary>Returns the fields of the column; null for a row that is too short.</summary>
    public async IAsyncEnumerable<string?> ReadAsync()
    {
        while (await MoveAsync())
        {
            if (_record.Length > 1 || !string.IsNullOrWhiteSpace(_record[0]))
                yield return _record.ElementAtOrDefault(_column);
        }
    }

    public void Dispose() => _csv.Dispose();

    private async Task<bool> MoveAsync()
    {
        try
        {
            if (!await _csv.ReadAsync())
                return false;

            // Reads all fields, because a wrong quote is found only in a field that is read.
            _record = _csv.Record!;
            return true;
        }
        catch (CsvHelperException e)
        {
            throw new UsageException($"--ids, line {_csv.RawRow}: a field has more than {MaxField} characters; a quote may be missing or superfluous.", e);
        }
    }

    private static UsageException Misquoted(int line) => new(
        $"--ids, line {line}: a quote is inside an unquoted field, or is not closed; quote the whole field and double the quotes in it.");

    private static string List(string[] names)
    {
        string list = string.Join(", ", names.Take(MaxNames).Select(name => name.Length <= 40 ? $"'{name}'" : $"'{name[..40]}…'"));
        return names.Length > MaxNames ? $"{list}, and {names.Length - MaxNames} more" : list;
    }
}
