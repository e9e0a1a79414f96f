using System.Reflection;
using IssuerEnrichment.Gleif;
using IssuerEnrichment.Gleif.Api;
using IssuerEnrichment.Gleif.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Sources of the Global Legal Entity Identifier Foundation (GLEIF), whose issuer ids are LEIs.</summary>
public static class GleifIssuerClientExtensions
{
    private const int MaxPageBytes = 4 * 1024 * 1024;
    private const int MaxRecordsBytes = 32 * 1024 * 1024;

    private static readonly string UserAgent = $"IssuerEnrichment.Gleif/{typeof(GleifOptions).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    /// <summary>Asks GLEIF's API for all ISINs of each LEI, page by page, and proves by GLEIF's own count that none is missing.</summary>
    /// <remarks>
    /// Where the options of the source do not say otherwise: 60 requests a minute, which is GLEIF's limit for one user, 4 at a time, 15 s for a request.
    /// </remarks>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets the options; null means the defaults.</param>
    /// <param name="http">Configures the HTTP clients further, such as their handlers or proxies.</param>
    public static IIssuerEnrichmentBuilder AddGleifIssuerClient(
        this IIssuerEnrichmentBuilder builder, Action<GleifOptions>? configure = null, Action<IHttpClientBuilder>? http = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        builder.Services.AddOptions<GleifOptions>(name).Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GleifOptions>, GleifOptionsValidator>());
        builder.SetDefaults(SetDefaults);

        return builder.AddHttpIssuerClient<IIssuerClient>(
            client =>
            {
                client.ConfigureHttpClient((provider, client) => Configure(client, OptionsOf(provider, name)));
                http?.Invoke(client);
            },
            (provider, pages, records) => Create(provider, pages, records, name),
            MaxPageBytes,
            MaxRecordsBytes);
    }

    /// <summary>Answers from GLEIF's daily file instead of its API, without any request: for thousands of LEIs, and for those with many ISINs.</summary>
    /// <remarks>The file is read when the first LEI is asked for, which takes seconds, and again only when it has changed.</remarks>
    /// <param name="builder">The source.</param>
    /// <param name="path">The file, zipped or not.</param>
    public static IIssuerEnrichmentBuilder AddGleifFileIssuerClient(this IIssuerEnrichmentBuilder builder, string path) =>
        builder.AddGleifFileIssuerClient(options => options.Path = path);

    /// <inheritdoc cref="AddGleifFileIssuerClient(IIssuerEnrichmentBuilder, string)"/>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets where the file and its index are.</param>
    public static IIssuerEnrichmentBuilder AddGleifFileIssuerClient(this IIssuerEnrichmentBuilder builder, Action<GleifFileOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        string name = builder.Name;
        builder.Services.AddOptions<GleifFileOptions>(name).Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GleifFileOptions>, GleifFileOptionsValidator>());
        builder.Services.TryAddKeyedSingleton(name, (provider, _) => new GleifFileClient(
            provider.GetRequiredService<IOptionsMonitor<GleifFileOptions>>().Get(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GleifFileClient>>()));

        builder.SetDefaults(SetFileDefaults);
        return builder.AddIssuerClient(provider => provider.GetRequiredKeyedService<GleifFileClient>(name));
    }

    /// <summary>Decides types by GLEIF's category of the entity first, and by market sectors where that says nothing.</summary>
    /// <remarks>Every LEI's record is read then (<see cref="GleifOptions.Records"/>). Other sources of the container keep their classifier.</remarks>
    /// <param name="builder">The source.</param>
    public static IIssuerEnrichmentBuilder UseGleifIssuerTypes(this IIssuerEnrichmentBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<GleifOptions>(builder.Name, options => options.Records = true);
        return builder.UseIssuerTypeClassifier(_ => new GleifIssuerTypeClassifier(new MarketSectorIssuerTypeClassifier()));
    }

    /// <summary>Gives a source defaults of its own, which whatever the user sets comes after, wherever that is in the code.</summary>
    internal static void SetDefaults(this IIssuerEnrichmentBuilder builder, Action<IssuerEnrichmentOptions> defaults) =>
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<IssuerEnrichmentOptions>>(
            new ConfigureNamedOptions<IssuerEnrichmentOptions>(builder.Name, defaults)));

    private static void SetDefaults(IssuerEnrichmentOptions options)
    {
        options.MaxConcurrency = 4;
        options.RateLimit = RateLimit.PerMinute(60);
        options.Timeout.Attempt = TimeSpan.FromSeconds(15);

        // A lookup of fifty pages is no slow one.
        options.Timeout.Lookup = TimeSpan.FromMinutes(10);
        options.Batch.MaxSize = 200;

        // A quarter of what the request costs that a fuller batch spares.
        options.Batch.MaxWait = TimeSpan.FromMilliseconds(250);
    }

    private static void SetFileDefaults(IssuerEnrichmentOptions options)
    {
        // The first to ask wait for the index.
        options.Timeout.Attempt = TimeSpan.FromMinutes(10);
        options.Timeout.Lookup = TimeSpan.FromMinutes(10);
        options.Timeout.Adaptive = false;

        // To ask again costs less than to remember.
        options.Bounds.HeldVerdicts = 0;
    }

    private static IIssuerClient Create(IServiceProvider provider, HttpClient pages, HttpClient records, string name)
    {
        GleifOptions options = OptionsOf(provider, name);
        TimeProvider timeProvider = provider.GetRequiredService<TimeProvider>();
        GleifIssuerClient client = new(pages, options, timeProvider);
        return options.Precheck ? new PrecheckedGleifClient(client, records, timeProvider) : client;
    }

    private static void Configure(HttpClient client, GleifOptions options)
    {
        string address = options.BaseAddress.AbsoluteUri;
        client.BaseAddress = address.EndsWith('/') ? options.BaseAddress : new Uri(address + "/");
        client.DefaultRequestHeaders.Add("Accept", "application/vnd.api+json");
        client.DefaultRequestHeaders.Add("User-Agent", UserAgent);
    }

    private static GleifOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<GleifOptions>>().Get(name);
}
