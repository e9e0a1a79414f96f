using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace EnrichIssuers.Job;

/// <summary>One column of a CSV file (RFC 4180), by its name.</summary>
internal sealed class CsvColumn : IDisposable
{
    private const int MaxField = 1 << 20;
    private const int MostNames = 20;

    private readonly CsvParser _csv;
    private string[] _record = [];
    private int _column;

    private CsvColumn(TextReader text) => _csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
    {
        MaxFieldSize = MaxField,
        BadDataFound = found => throw Misquoted(found.Context.Parser!.RawRow),
    });

    /// <summary>Finds the column; upper and lower case, and blanks around its name, do not matter.</summary>
    /// <exception cref="UsageException">There is none of this name.</exception>
    public static async Task<CsvColumn> FindAsync(TextReader text, string name, string file)
    {
        CsvColumn column = new(text);
        if (await column.MoveAsync() is not true)
            throw new UsageException($"--ids {file} is empty; a CSV file begins with a header that names its columns.");
        string[] names = [.. column._record.Select(name => name.Trim())];
        column._column = Array.FindIndex(names, other => other.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
        return column._column >= 0 ? column : throw new UsageException($"--ids {file} has no column '{name}'; give --id-column one of {List(names)}.");
    }

    /// <summary>The fields of the column; null where a row is too short.</summary>
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

            // All fields, for a quote that is wrong is noticed in the field that is looked at.
            _record = _csv.Record!;
            return true;
        }
        catch (CsvHelperException e)
        {
            throw new UsageException($"--ids, line {_csv.RawRow}: a field has more than {MaxField} characters; is there a quote too many?", e);
        }
    }

    private static UsageException Misquoted(int line) => new(
        $"--ids, line {line}: a quote stands within a field, or nothing closes it; a field that holds one is quoted as a whole, with its quotes doubled.");

    private static string List(string[] names)
    {
        string list = string.Join(", ", names.Take(MostNames).Select(name => name.Length <= 40 ? $"'{name}'" : $"'{name[..40]}…'"));
        return names.Length > MostNames ? $"{list}, and {names.Length - MostNames} more" : list;
    }
}
