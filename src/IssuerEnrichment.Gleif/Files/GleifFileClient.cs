using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>
/// Answers from GLEIF's daily file. The index is opened at the first lookup, and built first if it is missing or out of date.
/// </summary>
/// <remarks>A LEI that is not in the file has no ISINs as of the file's date. The file does not tell whether the LEI exists.</remarks>
internal sealed class GleifFileClient : IIssuerClient, IIssuerIdValidator, IRequestShape, IRequestEstimate, IDisposable
{
    private readonly GleifFileOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<GleifFileClient> _logger;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lazy<Task<IsinIndex>> _index;
    private IsinIndex? _opened;

    public GleifFileClient(GleifFileOptions options, TimeProvider timeProvider, ILogger<GleifFileClient> logger)
    {
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _index = new(() => Task.Run(Open));
    }

    /// <summary>The estimate for any number of LEIs.</summary>
    public static RequestEstimate Estimate { get; } = new("from GLEIF's daily file, which is one download", 0, 0);

    // The file of another day has other answers.
    public string RequestShape => $"GLEIF file {Data} {File.GetLastWriteTimeUtc(Data):O}";

    private string Data => _options.Path ?? _options.IndexPath!;

    public RequestEstimate EstimateRequests(long issuers, int batchSize) => Estimate;

    public string? Refuse(string issuerId) => LeiRule.Validate(issuerId);

    public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) => Volatile.Read(ref _opened) is { } index
        ? Task.FromResult(Answer(index, issuerId))
        : OpenAndAnswerAsync(issuerId, cancellationToken);

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
        _opened?.Dispose();
    }

    // The index is shared by all lookups, so building it continues even if the lookup that waits for it is cancelled.
    private async Task<IssuerAnswer> OpenAndAnswerAsync(string lei, CancellationToken cancellationToken) =>
        Answer(await _index.Value.WaitAsync(cancellationToken).ConfigureAwait(false), lei);

    private IssuerAnswer Answer(IsinIndex index, string lei)
    {
        AnswerProvenance provenance = new("GLEIF daily file")
        {
            DataDate = index.Summary.DataDate,
            RetrievedAt = _timeProvider.GetUtcNow(),
            IsComplete = index.Summary.Skipped == 0,
        };
        return IssuerAnswer.Found(index.Find(lei)) with { Provenance = provenance };
    }

    private IsinIndex Open()
    {
        try
        {
            IsinIndex index = IsinIndex.OpenOrBuild(_options.Path, _options.IndexPath, _logger.IndexBuilt, _disposed.Token);
            Volatile.Write(ref _opened, index);
            return index;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // A retry would fail too, and the issuer is not at fault.
            throw new IssuerServiceException(
                EnrichmentErrorKind.SourceUnusable, $"GLEIF's file {Data} cannot be used: {e.Message.TrimEnd('.')}.", isTransient: false, e);
        }
    }
}
