namespace IssuerEnrichment.Throttling;

/// <summary>Distinguishes 503s that correlate with load, which are throttling, from random ones. Not thread-safe.</summary>
internal sealed class OverloadEvidence
{
    // Half of the last sixteen answers, or five in a row. If 5 % fail at random, the first occurs once in millions of answers, the second once in
    // hundreds of thousands.
    private const int MaxRemembered = 8;
    private const int InARow = 5;

    private readonly Queue<long> _goodBefore = new();
    private int _row;
    private long _rowSince;

    /// <summary>Counts an answer that says overloaded. Returns true if such answers correlate with load.</summary>
    /// <param name="good">The number of good answers so far.</param>
    /// <param name="isFirst">Whether no attempt for its issuer has failed before. Later failures may be caused by the issuer.</param>
    public bool Add(long good, bool isFirst)
    {
        _goodBefore.Enqueue(good);
        if (_goodBefore.Count > MaxRemembered)
            _goodBefore.Dequeue();
        if (isFirst)
            (_row, _rowSince) = (good == _rowSince ? _row + 1 : 1, good);
        bool areHalf = _goodBefore.Count == MaxRemembered && good - _goodBefore.Peek() <= MaxRemembered;
        bool isRow = _row >= InARow && good == _rowSince;
        return isRow || areHalf;
    }

    public void Clear() => _goodBefore.Clear();
}
