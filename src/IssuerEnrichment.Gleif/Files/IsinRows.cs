namespace IssuerEnrichment.Gleif.Files;

/// <summary>All good rows of a file in a compact form, and the number of bad ones. Not thread-safe.</summary>
internal sealed class IsinRows
{
    private const int BlockSize = 1 << 18;

    private readonly Dictionary<LeiKey, int> _leis = [];
    private readonly List<int> _counts = [];
    private readonly Queue<IsinRow[]> _blocks = new();
    private IsinRow[] _block = [];
    private int _inBlock;
    private LeiKey _lastKey;
    private int _lastLei = -1;
    private long _short;
    private long _badLeis;
    private long _badIsins;

    /// <summary>The LEIs and their numbers.</summary>
    public IReadOnlyDictionary<LeiKey, int> Leis => _leis;

    /// <summary>The number of rows of each LEI, by the LEI's number.</summary>
    public IReadOnlyList<int> Counts => _counts;

    public int Count { get; private set; }

    /// <summary>The number of rows read so far, including bad ones.</summary>
    public long Read { get; private set; }

    /// <summary>Adds a row. Returns whether it is a good one.</summary>
    public bool TryAdd(ReadOnlySpan<char> leiText, ReadOnlySpan<char> isinText)
    {
        Read++;
        if (!TryFind(leiText.Trim(), out int lei))
        {
            _badLeis++;
            return false;
        }

        if (!PackedIsin.TryPack(isinText.Trim(), out ulong isin))
        {
            _badIsins++;
            return false;
        }

        Append(new IsinRow(lei, isin));
        return true;
    }

    /// <summary>Counts a row with too few columns.</summary>
    public void AddShort()
    {
        Read++;
        _short++;
    }

    /// <summary>Returns the rows block by block. Each block is released afterwards.</summary>
    public IEnumerable<ArraySegment<IsinRow>> Drain()
    {
        while (_blocks.TryDequeue(out IsinRow[]? block))
            yield return _blocks.Count > 0 ? block : new ArraySegment<IsinRow>(block, 0, _inBlock);
        _block = [];
    }

    /// <summary>Returns the summary, without what is known only after sorting.</summary>
    public GleifFileSummary Summarize() => new()
    {
        Rows = Read,
        ShortRows = _short,
        BadLeis = _badLeis,
        BadIsins = _badIsins,
    };

    // Rows of the same LEI are usually adjacent, so each LEI is validated once.
    private bool TryFind(ReadOnlySpan<char> text, out int lei)
    {
        lei = -1;
        if (!LeiKey.TryRead(text, out LeiKey key))
            return false;
        if (key != _lastKey || _lastLei < 0)
        {
            if (!_leis.TryGetValue(key, out lei) && !TryAdd(text, key, out lei))
                return false;
            (_lastKey, _lastLei) = (key, lei);
        }

        lei = _lastLei;
        return true;
    }

    private bool TryAdd(ReadOnlySpan<char> text, LeiKey key, out int lei)
    {
        lei = _counts.Count;
        if (!Lei.IsValid(text))
            return false;
        _leis.Add(key, lei);
        _counts.Add(0);
        return true;
    }

    private void Append(IsinRow row)
    {
        if (_inBlock == _block.Length)
        {
            _blocks.Enqueue(_block = new IsinRow[BlockSize]);
            _inBlock = 0;
        }

        _block[_inBlock++] = row;
        _counts[row.Lei]++;
        Count++;
    }
}
