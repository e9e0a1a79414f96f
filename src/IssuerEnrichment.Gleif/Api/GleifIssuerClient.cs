using System.Net;
using System.Text.Json.Serialization.Metadata;
using IssuerEnrichment.Gleif.Files;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>Reads all ISINs of a LEI from GLEIF's API, page by page. Each attempt resumes where the previous one stopped.</summary>
internal sealed class GleifIssuerClient(HttpClient http, GleifOptions options, TimeProvider timeProvider)
    : IIssuerClient, IIssuerIdValidator, IResumableIssuerClient, IRequestShape, IRequestEstimate
{
    private readonly WalkStore _walks = new(timeProvider);

    public string RequestShape => $"GLEIF {http.BaseAddress} {options.Records} {options.MaxIsins}";

    public string? Refuse(string issuerId) => LeiRule.Validate(issuerId);

    public bool GotFurther(string issuerId) => _walks.GotFurther(issuerId);

    public RequestEstimate EstimateRequests(long issuers, int batchSize) => new(
        options.Records ? "page by page, with a record and at least one page for each LEI" : "page by page, at least one page for each LEI",
        issuers,
        options.Records ? 2 * issuers : issuers)
    {
        Alternatives = [GleifFileClient.Estimate],
    };

    /// <summary>Starts a walk whose record is known already.</summary>
    public void Begin(string lei, LeiRecord record) => _walks.Keep(lei, new IsinWalk(options.MaxIsins) { Record = record });

    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        if (!_walks.TryTake(issuerId, out IsinWalk? walk))
            walk = new IsinWalk(options.MaxIsins);
        walk.BeginAttempt();
        try
        {
            return await WalkAsync(issuerId, walk, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not IssuerServiceException { IsTransient: false })
        {
            _walks.Keep(issuerId, walk);
            throw;
        }
    }

    private async Task<IssuerAnswer> WalkAsync(string lei, IsinWalk walk, CancellationToken cancellationToken)
    {
        if (options.Records && walk.Record is null)
        {
            RecordAnswer? answer = await GetAsync($"lei-records/{lei}", GleifJson.Default.RecordAnswer, cancellationToken).ConfigureAwait(false);
            if (answer is null)
                return IssuerAnswer.NotFound with { Provenance = Provenance(walk) };
            walk.Record = answer.Data;
        }

        while (!walk.IsComplete)
        {
            int number = walk.NextPage;
            IsinsAnswer? page = await GetPageAsync(lei, number, cancellationToken).ConfigureAwait(false);
            if (page is null && number == 1)
                return IssuerAnswer.NotFound with { Provenance = Provenance(walk) };
            walk.Add(lei, page ?? throw IsinWalk.Incomplete($"GLEIF has no page {number} of this LEI's ISINs, although its total requires it"));
        }

        return IssuerAnswer.Found(walk.Sort()) with { Provenance = Provenance(walk) with { IsComplete = true } };
    }

    private async Task<IsinsAnswer?> GetPageAsync(string lei, int number, CancellationToken cancellationToken)
    {
        string address = $"lei-records/{lei}/isins?page%5Bsize%5D={options.PageSize}&page%5Bnumber%5D={number}";
        try
        {
            return await GetAsync(address, GleifJson.Default.IsinsAnswer, cancellationToken).ConfigureAwait(false);
        }
        catch (IssuerServiceException e) when (e.HttpStatus == 400 && number > 1)
        {
            throw IsinWalk.Incomplete($"GLEIF rejects page {number} of this LEI's ISINs");
        }
    }

    // The response for an unknown LEI is a 404, sometimes with an HTML body.
    private async Task<T?> GetAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await http
            .GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        if (!response.IsSuccessStatusCode)
            throw IssuerServiceException.FromResponse(response, timeProvider);
        return await GleifJson.ReadAsync(response.Content, type, cancellationToken).ConfigureAwait(false)
            ?? throw new IssuerServiceException(EnrichmentErrorKind.UnexpectedAnswer, "GLEIF's answer is null.", isTransient: true);
    }

    private AnswerProvenance Provenance(IsinWalk walk)
    {
        AnswerProvenance provenance = new("GLEIF API") { DataDate = walk.PublishDate, RetrievedAt = timeProvider.GetUtcNow() };
        return walk.Record is { } record ? provenance with { Facts = record.Facts } : provenance;
    }
}
