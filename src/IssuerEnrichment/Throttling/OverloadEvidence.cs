namespace IssuerEnrichment.Throttling;

/// <summary>Tells 503s that come with load, which are throttling, from a share of them that comes at random. Not thread-safe.</summary>
internal sealed class OverloadEvidence
{
    // Half of the last sixteen answers, or five in a row. Of 5 % at random it is so once in millions, and once in hundreds of thousands.
    private const int Most = 8;
    private const int InARow = 5;

    private readonly Queue<long> _goodBefore = new();
    private int _row;
    private long _rowSince;

    /// <summary>Counts an answer that says overloaded. True where such answers come with load.</summary>
    /// <param name="good">The good answers so far.</param>
    /// <param name="isFirst">Whether no attempt for its issuer has failed before. Others may follow the issuer.</param>
    public bool Add(long good, bool isFirst)
    {
        _goodBefore.Enqueue(good);
        if (_goodBefore.Count > Most)
            _goodBefore.Dequeue();
        if (isFirst)
            (_row, _rowSince) = (good == _rowSince ? _row + 1 : 1, good);
        bool areHalf = _goodBefore.Count == Most && good - _goodBefore.Peek() <= Most;
        bool isRow = _row >= InARow && good == _rowSince;
        return isRow || areHalf;
    }

    public void Clear() => _goodBefore.Clear();
}
