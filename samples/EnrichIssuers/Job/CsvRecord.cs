using System.Text;

namespace EnrichIssuers.Job;

/// <summary>One record of a CSV file (RFC 4180), read line by line, because a quoted field may hold line breaks.</summary>
internal sealed class CsvRecord
{
    private const int MaxField = 1 << 20;

    private readonly List<string> _fields = [];
    private readonly StringBuilder _quoted = new();
    private bool _isInQuotes;

    public IReadOnlyList<string> Fields => _fields;

    /// <summary>Adds a line; a complete record is followed by a new one.</summary>
    /// <returns>Whether the record is complete.</returns>
    public bool Add(string line)
    {
        int at = 0;
        if (_isInQuotes)
        {
            _quoted.Append('\n');
            at = ReadQuoted(line, 0);
        }
        else
        {
            _fields.Clear();
        }

        while (at <= line.Length)
            at = at < line.Length && line[at] == '"' ? ReadQuoted(line, at + 1) : ReadPlain(line, at);
        if (_quoted.Length > MaxField)
            throw new UsageException($"--ids holds a quoted field that has not ended after {MaxField} characters; is there a quote too many?");
        return !_isInQuotes;
    }

    private int ReadPlain(string line, int from)
    {
        int comma = line.IndexOf(',', from);
        int to = comma < 0 ? line.Length : comma;
        _fields.Add(_quoted.Append(line, from, to - from).ToString());
        _quoted.Clear();
        return to + 1;
    }

    private int ReadQuoted(string line, int from)
    {
        _isInQuotes = true;
        int quote = line.IndexOf('"', from);
        if (quote < 0)
        {
            _quoted.Append(line, from, line.Length - from);
            return line.Length + 1;
        }

        _quoted.Append(line, from, quote - from);
        if (quote + 1 < line.Length && line[quote + 1] == '"')
        {
            _quoted.Append('"');
            return ReadQuoted(line, quote + 2);
        }

        // What stands between the closing quote and the comma belongs to the field, as spreadsheets read it.
        _isInQuotes = false;
        return ReadPlain(line, quote + 1);
    }
}
