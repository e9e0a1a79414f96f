using System.Reflection;
using IssuerEnrichment.Gleif;
using IssuerEnrichment.Gleif.Api;
using IssuerEnrichment.Gleif.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Registers clients for the Global Legal Entity Identifier Foundation (GLEIF), whose issuer ids are LEIs.</summary>
public static class GleifIssuerClientExtensions
{
    private const int MaxPageBytes = 4 * 1024 * 1024;
    private const int MaxRecordsBytes = 32 * 1024 * 1024;

    private static readonly string UserAgent = $"IssuerEnrichment.Gleif/{typeof(GleifOptions).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    /// <summary>
    /// Registers a client for GLEIF's API. It reads all ISINs of each LEI page by page, and verifies with GLEIF's own count that none is missing.
    /// </summary>
    /// <remarks>
    /// Unless the options of the source are set otherwise, it sends 60 requests a minute, which is GLEIF's limit for one user, at most 4
    /// concurrently, with a timeout of 15 s for each.
    /// </remarks>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets the options; null means the defaults.</param>
    /// <param name="http">Configures the HTTP clients further, for example their handlers or proxies.</param>
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

    /// <summary>
    /// Registers a client that answers from GLEIF's daily file and sends no requests. It suits thousands of LEIs, and LEIs with many ISINs.
    /// </summary>
    /// <remarks>The file is read at the first lookup, which takes several seconds, and read again only when it has changed.</remarks>
    /// <param name="builder">The source.</param>
    /// <param name="path">The file, zipped or not.</param>
    public static IIssuerEnrichmentBuilder AddGleifFileIssuerClient(this IIssuerEnrichmentBuilder builder, string path) =>
        builder.AddGleifFileIssuerClient(options => options.Path = path);

    /// <inheritdoc cref="AddGleifFileIssuerClient(IIssuerEnrichmentBuilder, string)"/>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets the paths of the file and its index.</param>
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

    /// <summary>Determines types by GLEIF's category of the entity, and by market sector if the category is not conclusive.</summary>
    /// <remarks>Reads every LEI's record (<see cref="GleifOptions.Records"/>). Other sources in the container keep their classifier.</remarks>
    /// <param name="builder">The source.</param>
    public static IIssuerEnrichmentBuilder UseGleifIssuerTypes(this IIssuerEnrichmentBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<GleifOptions>(builder.Name, options => options.Records = true);
        return builder.UseIssuerTypeClassifier(_ => new GleifIssuerTypeClassifier(new MarketSectorIssuerTypeClassifier()));
    }

    /// <summary>Sets default options for a source. The user's configuration overrides them, in whatever order the calls are made.</summary>
    internal static void SetDefaults(this IIssuerEnrichmentBuilder builder, Action<IssuerEnrichmentOptions> defaults) =>
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<IssuerEnrichmentOptions>>(
            new ConfigureNamedOptions<IssuerEnrichmentOptions>(builder.Name, defaults)));

    private static void SetDefaults(IssuerEnrichmentOptions options)
    {
        options.MaxConcurrency = 4;
        options.RateLimit = RateLimit.PerMinute(60);
        options.Timeout.Attempt = TimeSpan.FromSeconds(15);

        // A lookup of fifty pages is not a slow one.
        options.Timeout.Lookup = TimeSpan.FromMinutes(10);
        options.Batch.MaxSize = 200;

        // A quarter of the cost of the request that a fuller batch saves.
        options.Batch.MaxWait = TimeSpan.FromMilliseconds(250);
    }

    private static void SetFileDefaults(IssuerEnrichmentOptions options)
    {
        // The first lookups wait for the index to be built.
        options.Timeout.Attempt = TimeSpan.FromMinutes(10);
        options.Timeout.Lookup = TimeSpan.FromMinutes(10);
        options.Timeout.Adaptive = false;

        // Looking up an id again costs less than remembering it.
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
