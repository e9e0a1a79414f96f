using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EnrichIssuers.Job;

/// <summary>Registers the library in a container, as an application would, with the options of the command line.</summary>
internal static class JobServices
{
    public static ServiceProvider Create(JobSettings settings)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddProvider(new ServiceMessages()));
        IIssuerEnrichmentBuilder source = services.AddIssuerEnrichment(options => Configure(options, settings));
        _ = settings.Source switch
        {
            JobSource.Gleif => source.AddGleifIssuerClient(
                options => options.BaseAddress = settings.Service ?? options.BaseAddress,
                http => http.ConfigureHttpClient(client => SetHeaders(client, settings))),
            JobSource.GleifFile => source.AddGleifFileIssuerClient(settings.File!),
            _ => source.AddHttpIssuerClient(options =>
            {
                options.BaseAddress = settings.Service;
                options.AnswerPath = settings.IsinsPath;
                foreach ((string name, string value) in settings.Headers)
                    options.Headers[name] = value;
            }),
        };

        // A plan creates no file, not even an empty journal.
        if (settings.Journal is { } journal && (!settings.Plan || File.Exists(journal)))
            source.UseSqliteJournal(journal);
        return services.BuildServiceProvider();
    }

    /// <exception cref="UsageException">An option is out of range.</exception>
    public static IIssuerEnricher GetEnricher(this ServiceProvider services)
    {
        try
        {
            return services.GetRequiredService<IIssuerEnricher>();
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(LibraryOption.Translate(e.Failures.First()), e);
        }
    }

    private static void SetHeaders(HttpClient client, JobSettings settings)
    {
        foreach ((string name, string value) in settings.Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    private static void Configure(IssuerEnrichmentOptions options, JobSettings settings)
    {
        options.Strategy = settings.Strategy;
        options.RateLimit = settings.Rate ?? options.RateLimit;
        options.MaxConcurrency = settings.MaxConcurrency ?? options.MaxConcurrency;
        options.Bounds.ReadAhead = Math.Max(options.Bounds.ReadAhead, options.MaxConcurrency.Most);
        options.Retry.MaxAttempts = settings.Attempts ?? options.Retry.MaxAttempts;
        options.Timeout.Attempt = settings.AttemptTimeout ?? options.Timeout.Attempt;

        // Long enough for all attempts at their full timeout, up to a day.
        double allAttempts = options.Timeout.Attempt.TotalSeconds * options.Retry.MaxAttempts;
        double longest = Math.Max(options.Timeout.Attempt.TotalSeconds, TimeSpan.FromDays(1).TotalSeconds);
        options.Timeout.Lookup = TimeSpan.FromSeconds(Math.Clamp(allAttempts, options.Timeout.Lookup.TotalSeconds, longest));
    }
}
