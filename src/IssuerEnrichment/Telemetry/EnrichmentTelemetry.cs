using System.Diagnostics;
using System.Diagnostics.Metrics;
using IssuerEnrichment.Throttling;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Telemetry;

/// <summary>
/// Spans, metrics and logs. All their names are defined here and in <see cref="Log"/>. Durations are in seconds. Ids are recorded on spans, never on
/// metrics.
/// </summary>
internal sealed class EnrichmentTelemetry : IDisposable
{
    public const string Name = "IssuerEnrichment";

    private readonly ActivitySource _spans = new(Name);
    private readonly Meter? _ownMeter;
    private readonly ILogger _logger;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _lookupDuration;
    private readonly KeyValuePair<string, object?> _source;

    public EnrichmentTelemetry(IMeterFactory? meters, ILogger logger, string source)
    {
        _logger = logger;
        _ownMeter = meters is null ? new Meter(Name) : null;
        Meter meter = _ownMeter ?? meters!.Create(Name);
        _source = new("issuer_enrichment.source", source);
        _outcomes = meter.CreateCounter<long>("issuer_enrichment.outcomes", "{outcome}", "Outcomes, by status.");
        _requests = meter.CreateCounter<long>("issuer_enrichment.requests", "{request}", "Requests sent, retries included.");
        _retries = meter.CreateCounter<long>("issuer_enrichment.retries", "{attempt}", "Attempts beyond the first of each lookup.");
        _lookupDuration = meter.CreateHistogram<double>(
            "issuer_enrichment.lookup.duration",
            "s",
            "Time of a lookup, from its start to its outcome.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
    }

    public IDisposable? BeginRun(string strategy, int maxConcurrency)
    {
        _logger.RunStarted(strategy, maxConcurrency);
        Activity? run = _spans.StartActivity("enrich issuers");
        run?.SetTag("issuer_enrichment.strategy", strategy);
        run?.SetTag("issuer_enrichment.max_concurrency", maxConcurrency);
        return run;
    }

    public void RunEnded(EnrichmentReport report)
    {
        _logger.RunEnded(
            report.Elapsed.TotalSeconds,
            report.Inputs,
            report.Enriched,
            report.NotFound,
            report.Invalid,
            report.Failed,
            report.NotAttempted,
            report.Requests);
        if (report.NoneIsKnown)
            _logger.NoneKnown(report.NotFound);
    }

    public Activity? StartLookup(string issuerId)
    {
        Activity? lookup = _spans.StartActivity("look up issuer");
        lookup?.SetTag("issuer_enrichment.issuer_id", issuerId);
        return lookup;
    }

    public static void Describe(Activity? lookup, EnrichmentOutcome outcome)
    {
        lookup?.SetTag("issuer_enrichment.status", outcome.Status.ToString());
        lookup?.SetTag("issuer_enrichment.attempts", outcome.Attempts);
        if (outcome.Status == EnrichmentStatus.Failed)
            lookup?.SetStatus(ActivityStatusCode.Error, outcome.Error?.Message);
    }

    public void Settled(EnrichmentOutcome outcome)
    {
        if (outcome.Status == EnrichmentStatus.Failed && !outcome.IsShared && outcome.Source != EnrichmentSource.Journal)
            _logger.GaveUp(LogText.Of(outcome.IssuerId), outcome.Attempts, outcome.Error!.Message);
        else if (_logger.IsEnabled(LogLevel.Debug))
            _logger.IssuerSettled(LogText.Of(outcome.IssuerId), outcome.Status, outcome.Attempts);

        if (_outcomes.Enabled)
            _outcomes.Add(1, _source, new("issuer_enrichment.status", outcome.Status.ToString()));
        if (!outcome.WasAsked)
            return;
        if (_requests.Enabled)
            _requests.Add(outcome.Requests, _source);
        if (_retries.Enabled)
            _retries.Add(outcome.Attempts - 1, _source);
        if (_lookupDuration.Enabled)
            _lookupDuration.Record((outcome.Time.Total - outcome.Time.Queued).TotalSeconds, _source);
    }

    public void GateChanged(GateChange change) => _logger.GateChanged(change.Kind, change.Reason, change.Belief);

    public void OutageBegan(int failures, EnrichmentError? cause, TimeSpan patience) =>
        _logger.OutageBegan(failures, cause?.Message ?? "", patience.TotalSeconds);

    public void ServiceDenied(EnrichmentError cause) => _logger.ServiceDenied(cause.Message);

    public void OutageEnded() => _logger.OutageEnded();

    // A meter factory disposes of the meters that it created.
    public void Dispose()
    {
        _spans.Dispose();
        _ownMeter?.Dispose();
    }
}
