using System.Net;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>
/// Reads the records of many LEIs first. A LEI that GLEIF does not know, or that has no ISINs, is answered from that. The others are left open, and
/// their ISINs are read page by page.
/// </summary>
internal sealed class PrecheckedGleifClient(GleifIssuerClient pages, HttpClient http, TimeProvider timeProvider)
    : IIssuerClient, IIssuerBatchClient, IIssuerIdValidator, IResumableIssuerClient, IRequestShape, IRequestEstimate
{
    // Not PageSize, which may be smaller. A record beyond the end of the page would be taken for unknown.
    private const int MostRecords = 200;

    private static readonly Dictionary<string, IssuerAnswer> AllLeftOpen = [];

    public string RequestShape => pages.RequestShape;

    // The minimum applies if no LEI has ISINs. A single LEI is looked up directly.
    public RequestEstimate EstimateRequests(long issuers, int batchSize)
    {
        RequestEstimate alone = pages.EstimateRequests(issuers, batchSize: 1);
        if (batchSize == 1 || issuers == 1)
            return alone;
        long records = (issuers + batchSize - 1) / batchSize;
        return new RequestEstimate("with the pre-check, and at least one page for each LEI that has ISINs", records, records + issuers)
        {
            Alternatives = [alone with { Alternatives = [] }, .. alone.Alternatives],
        };
    }

    public string? Refuse(string issuerId) => pages.Refuse(issuerId);

    public bool GotFurther(string issuerId) => pages.GotFurther(issuerId);

    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) => pages.GetIsinsAsync(issuerId, cancellationToken);

    public async Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken)
    {
        string address = $"lei-records?filter%5Blei%5D={string.Join(',', issuerIds)}&page%5Bsize%5D={MostRecords}";
        using HttpResponseMessage response = await http.GetAsync(address, cancellationToken).ConfigureAwait(false);
        if (IsNotOnOffer(response.StatusCode))
            return AllLeftOpen;
        if (!response.IsSuccessStatusCode)
            throw IssuerServiceException.FromResponse(response, timeProvider);

        RecordsAnswer? answer = await GleifJson.ReadAsync(response.Content, GleifJson.Default.RecordsAnswer, cancellationToken).ConfigureAwait(false);
        if (answer is not { Data: { } records })
            throw new IssuerServiceException(EnrichmentErrorKind.UnexpectedAnswer, "GLEIF's answer has no records.", isTransient: true);
        return Judge(issuerIds, records, answer.Meta);
    }

    // If GLEIF rejects the filter, this says nothing about the LEIs.
    private static bool IsNotOnOffer(HttpStatusCode status) => status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound
        or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity;

    private Dictionary<string, IssuerAnswer> Judge(IReadOnlyList<string> leis, IReadOnlyList<LeiRecord> records, AnswerMeta? meta)
    {
        AnswerProvenance provenance = new("GLEIF API")
        {
            DataDate = meta?.PublishDate,
            RetrievedAt = timeProvider.GetUtcNow(),
        };
        Dictionary<string, LeiRecord> known = [];
        foreach (LeiRecord record in records)
            known[record.Lei ?? ""] = record;

        // Only if all records are on the page is a LEI without a record unknown. Only if another record has the link does a missing link mean no
        // ISINs.
        bool isAll = meta?.Pagination?.Total == records.Count;
        bool isAnyLinked = known.Values.Any(record => record.HasIsins);
        Dictionary<string, IssuerAnswer> answers = [];
        foreach (string lei in leis)
        {
            if (!known.TryGetValue(lei, out LeiRecord? record))
            {
                if (isAll)
                    answers[lei] = IssuerAnswer.NotFound with { Provenance = provenance };
            }
            else if (isAnyLinked && !record.HasIsins)
            {
                answers[lei] = IssuerAnswer.Found([]) with { Provenance = provenance with { IsComplete = true, Facts = record.Facts } };
            }
            else
            {
                pages.Begin(lei, record);
            }
        }

        return answers;
    }
}
