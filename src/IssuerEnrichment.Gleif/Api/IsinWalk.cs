using System.Globalization;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>A walk over all pages of a LEI's ISINs, which verifies in the end that it is complete. Only one attempt at a time uses it.</summary>
/// <remarks>
/// GLEIF's rows have no stable order, so between two pages, one row may be returned twice and another one missed; GLEIF's count shows this. The pages
/// are then walked a second time, and the results are merged. If the total changes in between, the walk starts again, once.
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

    /// <summary>The entity's record, if it has been read.</summary>
    public LeiRecord? Record { get; set; }

    /// <summary>When the data were published.</summary>
    public DateTimeOffset? PublishDate { get; private set; }

    /// <summary>The next page to request, starting at 1.</summary>
    public int NextPage { get; private set; } = 1;

    /// <summary>Whether the walk has ended and is known to be complete.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether any page has been read.</summary>
    public bool HasPages => _read > 0;

    /// <summary>Whether the current attempt has read a page.</summary>
    public bool GotFurther => _read > _readBefore;

    /// <summary>Notes the start of another attempt.</summary>
    public void BeginAttempt() => _readBefore = _read;

    /// <summary>Returns the ISINs so far, in ordinal order.</summary>
    public string[] Sort() => [.. _isins.Order(StringComparer.Ordinal)];

    /// <summary>Adds the requested page.</summary>
    /// <exception cref="IssuerServiceException">The response is invalid, or the walk cannot become complete.</exception>
    public void Add(string lei, IsinsAnswer page)
    {
        if (page is not { Data: { } rows, Meta.Pagination: { Total: >= 0 and int total } pagination })
            throw Unexpected("the page of ISINs has no rows, or no total");
        if (total > maxIsins)
            throw Incomplete($"GLEIF counts {Text(total)} ISINs of this LEI, but numbered pages are limited to {Text(maxIsins)} (MaxIsins)");

        DateTimeOffset? publishDate = page.Meta.PublishDate;
        if (_total is not null && (total != _total || publishDate != PublishDate))
        {
            Restart("GLEIF's data changed again while the pages were read again");
            return;
        }

        (_total, PublishDate) = (total, publishDate);
        Take(lei, rows);
        _read++;

        // Do not request pages beyond the total, whatever the response says.
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

    // If two walks returned the same rows, and as many as GLEIF counts, some ISINs are listed twice and none is missing.
    private void End(int total)
    {
        IsComplete = _isins.Count == total || (_isSecondLook && _rows.Count == total);
        if (IsComplete)
            return;
        if (_walks == MostWalks)
            throw Incomplete($"GLEIF counts {Text(total)} ISINs of this LEI, but its pages contain {Text(_isins.Count)}");
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

    /// <summary>Creates the exception for a LEI whose ISINs cannot all be read page by page. The message says how to get them.</summary>
    public static IssuerServiceException Incomplete(string why) => new(
        EnrichmentErrorKind.Incomplete, $"{why}; its daily file has them all (AddGleifFileIssuerClient).", isTransient: false);
}
