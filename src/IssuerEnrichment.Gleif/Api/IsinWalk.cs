using System.Globalization;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>The walk over all pages of one LEI's ISINs, which proves at its end that it has them all. One attempt at a time goes on with it.</summary>
/// <remarks>
/// GLEIF's rows have no stable order, so between two pages one may be met twice and another missed; the count tells. Then the pages are walked once
/// more, and what both walks met is put together. A total that changes in between begins the walk anew, once.
/// </remarks>
internal sealed class IsinWalk(int maxIsins)
{
    private const int MostWalks = 2;

    private readonly HashSet<string> _isins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);
    private int _walks = 1;
    private bool _isSecondLook;
    private int? _total;
    private int _read;
    private int _readBefore;

    /// <summary>The record of the entity, where it has been read.</summary>
    public LeiRecord? Record { get; set; }

    /// <summary>When the data were published.</summary>
    public DateTimeOffset? PublishDate { get; private set; }

    /// <summary>The page to ask for next, counted from 1.</summary>
    public int NextPage { get; private set; } = 1;

    /// <summary>Whether all is there, and proved to be.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether any page has been read.</summary>
    public bool HasPages => _read > 0;

    /// <summary>Whether the present attempt has brought a page.</summary>
    public bool GotFurther => _read > _readBefore;

    /// <summary>Another attempt goes on with it.</summary>
    public void BeginAttempt() => _readBefore = _read;

    /// <summary>The ISINs so far, in their own order.</summary>
    public string[] Sort() => [.. _isins.Order(StringComparer.Ordinal)];

    /// <summary>Takes the page that was asked for.</summary>
    /// <exception cref="IssuerServiceException">The answer is none, or the walk cannot become complete.</exception>
    public void Add(string lei, IsinsAnswer page)
    {
        if (page is not { Data: { } rows, Meta.Pagination: { Total: >= 0 and int total } pagination })
            throw Unexpected("the page of ISINs has no rows, or no total");
        if (total > maxIsins)
            throw Incomplete($"GLEIF counts {Text(total)} ISINs of this LEI, and numbered pages are read up to {Text(maxIsins)} (MaxIsins)");

        DateTimeOffset? publishDate = page.Meta.PublishDate;
        if (_total is not null && (total != _total || publishDate != PublishDate))
        {
            Restart("GLEIF's data changed again while the pages were read anew");
            return;
        }

        (_total, PublishDate) = (total, publishDate);
        Take(lei, rows);
        _read++;

        // No page is asked for that none of the rows can be on, whatever the answer says.
        if (rows.Count > 0 && NextPage < Math.Min(pagination.LastPage ?? total, total))
            NextPage++;
        else
            End(total);
    }

    private void Take(string lei, IReadOnlyList<IsinsAnswer.Row> rows)
    {
        if (rows.Any(row => string.IsNullOrEmpty(row.Attributes?.Isin) || (row.Attributes.Lei ?? lei) != lei))
            throw Unexpected("a row has no ISIN, or belongs to another LEI");
        foreach (IsinsAnswer.Row row in rows)
        {
            _isins.Add(row.Attributes!.Isin!);
            _rows.Add(row.Id ?? row.Attributes.Isin!);
        }
    }

    // Two walks that met the same rows and as many as were counted: then GLEIF has some ISINs twice, and none is missing.
    private void End(int total)
    {
        IsComplete = _isins.Count == total || (_isSecondLook && _rows.Count == total);
        if (IsComplete)
            return;
        if (_walks == MostWalks)
            throw Incomplete($"GLEIF counts {Text(total)} ISINs of this LEI, and its pages have {Text(_isins.Count)}");
        _walks++;
        _isSecondLook = true;
        NextPage = 1;
    }

    private void Restart(string orElse)
    {
        if (_walks == MostWalks)
            throw Incomplete(orElse);
        _walks++;
        _isins.Clear();
        _rows.Clear();
        _total = null;
        NextPage = 1;
    }

    private static string Text(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static IssuerServiceException Unexpected(string what) =>
        new(EnrichmentErrorKind.UnexpectedAnswer, $"GLEIF's answer could not be read: {what}.", isTransient: true);

    /// <summary>Says that pages cannot give all, and what can.</summary>
    public static IssuerServiceException Incomplete(string why) => new(
        EnrichmentErrorKind.Incomplete, $"{why}; its daily file has them all (AddGleifFileIssuerClient).", isTransient: false);
}
