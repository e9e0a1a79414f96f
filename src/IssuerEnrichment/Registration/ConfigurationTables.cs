using EnrichmentOption = IssuerEnrichment.Registration.ConfiguredOption<IssuerEnrichment.IssuerEnrichmentOptions>;
using HttpOption = IssuerEnrichment.Registration.ConfiguredOption<IssuerEnrichment.HttpIssuerClientOptions>;

namespace IssuerEnrichment.Registration;

/// <summary>The options that configuration can set, by key.</summary>
internal static class ConfigurationTables
{
    public static ConfigurationReader<IssuerEnrichmentOptions> Enrichment { get; } = new(
        EnrichmentOption.Text("Strategy", (options, value) => options.Strategy = value) with { Clear = options => options.Strategy = null },
        EnrichmentOption.Parsed<ConcurrencyLimit>(
            "MaxConcurrency", "a number, such as 8, or 'auto'", (options, value) => options.MaxConcurrency = value),
        EnrichmentOption.Parsed<RateLimit>(
            "RateLimit", "one or more rates, such as '100/1s, 10000/1d'", (options, value) => options.RateLimit = value) with
        {
            Clear = options => options.RateLimit = null,
        },
        EnrichmentOption.Whole("Retry:MaxAttempts", (options, value) => options.Retry.MaxAttempts = value),
        EnrichmentOption.Duration("Retry:BaseDelay", (options, value) => options.Retry.BaseDelay = value),
        EnrichmentOption.Duration("Retry:MaxDelay", (options, value) => options.Retry.MaxDelay = value),
        EnrichmentOption.Number("Retry:Budget", (options, value) => options.Retry.Budget = value),
        EnrichmentOption.Duration("Timeout:Attempt", (options, value) => options.Timeout.Attempt = value),
        EnrichmentOption.Switch("Timeout:Adaptive", (options, value) => options.Timeout.Adaptive = value),
        EnrichmentOption.Duration("Timeout:Lookup", (options, value) => options.Timeout.Lookup = value),
        EnrichmentOption.Duration("Gate:RefusalDelay", (options, value) => options.Gate.RefusalDelay = value),
        EnrichmentOption.Duration("Gate:MaxRetryAfter", (options, value) => options.Gate.MaxRetryAfter = value),
        EnrichmentOption.Whole("Gate:FailuresInARow", (options, value) => options.Gate.FailuresInARow = value),
        EnrichmentOption.Duration("Gate:ProbeDelay", (options, value) => options.Gate.ProbeDelay = value),
        EnrichmentOption.Duration("Gate:MaxProbeDelay", (options, value) => options.Gate.MaxProbeDelay = value),
        EnrichmentOption.Duration("Gate:Patience", (options, value) => options.Gate.Patience = value),
        EnrichmentOption.Switch("Hedging:Enabled", (options, value) => options.Hedging.Enabled = value) with
        {
            Clear = options => options.Hedging.Enabled = null,
        },
        EnrichmentOption.Number("Hedging:Budget", (options, value) => options.Hedging.Budget = value),
        EnrichmentOption.Whole("Batch:MaxSize", (options, value) => options.Batch.MaxSize = value),
        EnrichmentOption.Duration("Batch:MaxWait", (options, value) => options.Batch.MaxWait = value),
        EnrichmentOption.Number("Batch:BisectionBudget", (options, value) => options.Batch.BisectionBudget = value),
        EnrichmentOption.Whole("Bounds:ReadAhead", (options, value) => options.Bounds.ReadAhead = value),
        EnrichmentOption.Whole("Bounds:HeldVerdicts", (options, value) => options.Bounds.HeldVerdicts = value),
        EnrichmentOption.Whole("Bounds:MaxIssuerIdLength", (options, value) => options.Bounds.MaxIssuerIdLength = value));

    public static ConfigurationReader<HttpIssuerClientOptions> Http { get; } = new(
        new HttpOption("BaseAddress", "an absolute http or https address", (options, _, text) =>
        {
            bool isAddress = Uri.TryCreate(text, UriKind.Absolute, out Uri? address);
            options.BaseAddress = address;
            return isAddress;
        })
        { IsSecret = true },
        HttpOption.Text("Suffix", (options, value) => options.Suffix = value) with { Clear = options => options.Suffix = "" },
        HttpOption.Text("AnswerPath", (options, value) => options.AnswerPath = value),
        HttpOption.Whole("MaxAnswerBytes", (options, value) => options.MaxAnswerBytes = value),
        new HttpOption("Headers:*", "the value of the header", (options, name, text) =>
        {
            options.Headers[name] = text;
            return true;
        }));
}
