using IssuerEnrichment.Registration;
using IssuerEnrichment.Tests.Clients;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Tests.Registration;

public sealed class ConfigurationTests
{
    [Fact]
    public void Options_are_bound_by_their_names()
    {
        IssuerEnrichmentOptions options = Bind(
            ("MaxConcurrency", "16"),
            ("Strategy", "sequential"),
            ("RateLimit", "100/1s, 10000/1d"),
            ("Retry:MaxAttempts", "3"),
            ("Retry:BaseDelay", "00:00:00.250"),
            ("Timeout:Attempt", "00:00:05"),
            ("Gate:Patience", "00:10:00"),
            ("Bounds:ReadAhead", "64"));

        options.Should().BeEquivalentTo(new
        {
            MaxConcurrency = new { Most = 16, IsAuto = false },
            Strategy = "sequential",
            Retry = new { MaxAttempts = 3, BaseDelay = TimeSpan.FromMilliseconds(250), MaxDelay = TimeSpan.FromSeconds(20) },
            Timeout = new { Attempt = TimeSpan.FromSeconds(5), Lookup = TimeSpan.FromSeconds(60) },
            Gate = new { Patience = TimeSpan.FromMinutes(10) },
            Bounds = new { ReadAhead = 64 },
        });
        options.RateLimit.Should().Be(RateLimit.PerSecond(100).And(RateLimit.Of(10_000, TimeSpan.FromDays(1))));
    }

    [Fact]
    public void Concurrency_can_be_found_out() => Bind(("MaxConcurrency", "auto")).MaxConcurrency.Should().Be(ConcurrencyLimit.Auto);

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5s", 5)]
    [InlineData(" 2m ", 120)]
    [InlineData("1h30m", 5_400)]
    [InlineData("00:00:05", 5)]
    public void Times_are_written_as_people_write_them(string text, double seconds) =>
        Bind(("Timeout:Attempt", text), ("Timeout:Lookup", "1d")).Timeout.Attempt.TotalSeconds.Should().Be(seconds);

    [Fact]
    public void An_empty_value_switches_off_what_can_be() => Bind(
            options => (options.RateLimit, options.Strategy, options.Hedging.Enabled) = (RateLimit.PerSecond(5), "sequential", true),
            ("RateLimit", ""), ("Strategy", ""), ("Hedging:Enabled", ""))
        .Should().BeEquivalentTo(new IssuerEnrichmentOptions());

    [Fact]
    public void A_section_that_is_not_there_is_an_error() => FluentActions.Invoking(() => Bind()).Should().Throw<OptionsValidationException>()
        .WithMessage("The configuration section 'Issuers' is missing or empty.");

    [Theory]
    [InlineData("MaxConcurency", "Issuers:MaxConcurency is not an option; did you mean MaxConcurrency?")]
    [InlineData("Retry:MaxRetries", "Issuers:Retry:MaxRetries is not an option; did you mean Retry:MaxAttempts?")]
    [InlineData("retry", "Issuers:retry is not an option; the options are *")]
    [InlineData("Zzz", "Issuers:Zzz is not an option; the options are Strategy, MaxConcurrency, *")]
    public void A_key_that_no_option_has_is_rejected_by_its_path(string key, string message) =>
        FluentActions.Invoking(() => Bind((key, "8"))).Should().Throw<OptionsValidationException>().WithMessage(message);

    [Theory]
    [InlineData("MaxConcurrency", "lots", "Issuers:MaxConcurrency is 'lots'; it must be a number, such as 8, or 'auto'.")]
    [InlineData("MaxConcurrency", "", "Issuers:MaxConcurrency is ''; it must be a number, such as 8, or 'auto'.")]
    [InlineData("Gate:Patience", "24:00:00", "Issuers:Gate:Patience is '24:00:00'; it must be a time, such as '500ms', '10s', '2m' or '00:00:10'.")]
    [InlineData("Retry", "x", "Issuers:Retry is not an option; *")]
    [InlineData("Timeout:Attempt", "10", "Issuers:Timeout:Attempt is '10'; it must be a time, such as '500ms', '10s', '2m' or '00:00:10'.")]
    [InlineData("Retry:MaxAttempts", "1.5", "Issuers:Retry:MaxAttempts is '1.5'; it must be a whole number.")]
    [InlineData("Retry:Budget", "much", "Issuers:Retry:Budget is 'much'; it must be a number, such as 0.5.")]
    [InlineData("Timeout:Adaptive", "yes", "Issuers:Timeout:Adaptive is 'yes'; it must be 'true' or 'false'.")]
    [InlineData("RateLimit", "fast", "Issuers:RateLimit is 'fast'; it must be one or more rates, such as '100/1s, 10000/1d'.")]
    public void A_value_that_cannot_be_read_is_rejected_by_its_path(string key, string value, string message) =>
        FluentActions.Invoking(() => Bind((key, value))).Should().Throw<OptionsValidationException>().WithMessage(message);

    [Fact]
    public void A_named_source_is_named()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment("bulk", options => options.MaxConcurrency = 0).AddIssuerClient(new EchoIssuerClient());
        using ServiceProvider provider = services.BuildServiceProvider();

        FluentActions.Invoking(() => provider.GetRequiredKeyedService<IIssuerEnricher>("bulk"))
            .Should().Throw<OptionsValidationException>().WithMessage("Source 'bulk': MaxConcurrency is 0; it must be between 1 and 10000.");
    }

    [Fact]
    public void Every_option_can_be_set_by_its_name()
    {
        ConfigurationTables.Enrichment.Paths.Should().BeEquivalentTo(PathsOf(typeof(IssuerEnrichmentOptions)));
        ConfigurationTables.Http.Paths.Should().BeEquivalentTo(
            PathsOf(typeof(HttpIssuerClientOptions)).Where(path => path != nameof(HttpIssuerClientOptions.OnRequest)).Select(path => path == "Headers" ? "Headers:*" : path));
    }

    [Fact]
    public void The_options_of_the_http_client_are_bound_as_strictly()
    {
        HttpIssuerClientOptions options = BindHttp(
            ("BaseAddress", "https://issuers.internal/api"), ("Suffix", "/isins"), ("MaxAnswerBytes", "1000"), ("Headers:X-Api-Key", "secret"));

        options.Should().BeEquivalentTo(new { BaseAddress = new Uri("https://issuers.internal/api"), Suffix = "/isins", MaxAnswerBytes = 1000 });
        options.Headers["X-Api-Key"].Should().Be("secret");
        FluentActions.Invoking(() => BindHttp(("BaseAdress", "https://issuers.internal/"))).Should().Throw<OptionsValidationException>()
            .WithMessage("Http:BaseAdress is not an option; did you mean BaseAddress?");
        FluentActions.Invoking(() => BindHttp(("BaseAddress", "issuers.internal"))).Should().Throw<OptionsValidationException>()
            .WithMessage("Http:BaseAddress is not readable; it must be an absolute http or https address.");
    }

    [Theory]
    [InlineData("MaxConcurrency", "0", "MaxConcurrency is 0; it must be between 1 and 10000.")]
    [InlineData("Bounds:ReadAhead", "0", "Bounds.ReadAhead is 0; it must be between 1 and 1000000.")]
    [InlineData("Retry:MaxAttempts", "101", "Retry.MaxAttempts is 101; it must be between 1 and 100.")]
    [InlineData("Retry:BaseDelay", "-00:00:01", "Retry.BaseDelay is -00:00:01; it must be between 00:00:00 and 1.00:00:00.")]
    [InlineData("Retry:MaxDelay", "00:00:00", "Retry.MaxDelay is 00:00:00; it must be between 00:00:00.1000000 (Retry.BaseDelay) and 1.00:00:00.")]
    [InlineData("Timeout:Attempt", "00:00:00", "Timeout.Attempt is 00:00:00; it must be between 00:00:00.0100000 and 1.00:00:00.")]
    [InlineData("Timeout:Lookup", "00:00:09", "Timeout.Lookup is 00:00:09; it must be between 00:00:10 (Timeout.Attempt) and 1.00:00:00.")]
    [InlineData("Retry:Budget", "-1", "Retry.Budget is -1; it must be between 0 and 10.")]
    [InlineData("Retry:Budget", "NaN", "Retry.Budget is NaN; it must be between 0 and 10.")]
    [InlineData("Gate:FailuresInARow", "1", "Gate.FailuresInARow is 1; it must be between 2 and 1000.")]
    [InlineData("Gate:MaxProbeDelay", "00:00:00", "Gate.MaxProbeDelay is 00:00:00; it must be between 00:00:00.1000000 (Gate.ProbeDelay) and 1.00:00:00.")]
    [InlineData("Batch:MaxSize", "0", "Batch.MaxSize is 0; it must be between 1 and 10000.")]
    [InlineData("Batch:MaxWait", "00:02:00", "Batch.MaxWait is 00:02:00; it must be between 00:00:00 and 00:01:00.")]
    [InlineData("Batch:BisectionBudget", "3", "Batch.BisectionBudget is 3; it must be between 0 and 2.")]
    [InlineData("Bounds:HeldVerdicts", "-1", "Bounds.HeldVerdicts is -1; it must be between 0 and 10000000.")]
    [InlineData("Bounds:MaxIssuerIdLength", "0", "Bounds.MaxIssuerIdLength is 0; it must be between 1 and 8192.")]
    [InlineData("Strategy", "fast", "Strategy is 'fast'; registered are 'async', 'sequential', 'thread-pool'.")]
    public void A_value_out_of_range_is_rejected_with_what_is_allowed(string key, string value, string message) =>
        FluentActions.Invoking(() => Bind((key, value))).Should().Throw<OptionsValidationException>().Which.Failures.Should().Equal(message);

    [Fact]
    public void All_configuration_errors_are_reported_together() =>
        FluentActions.Invoking(() => Bind(("MaxConcurrency", "0"), ("Retry:MaxAttempts", "0")))
            .Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2);

    [Fact]
    public void Without_a_container_the_same_values_are_rejected() =>
        FluentActions.Invoking(() => IssuerEnricher.Create(new EchoIssuerClient(), new() { MaxConcurrency = 0 }))
            .Should().Throw<OptionsValidationException>().WithMessage("MaxConcurrency is 0; it must be between 1 and 10000.");

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void The_concurrency_of_a_run_is_bounded_too(int concurrency) =>
        FluentActions.Invoking(() => IssuerEnricher.Create(new EchoIssuerClient()).Stream(["1"], new() { MaxConcurrency = concurrency }))
            .Should().Throw<ArgumentException>().WithMessage($"MaxConcurrency is {concurrency}; it must be between 1 and 10000.*");

    [Fact]
    public void A_deadline_in_the_past_is_rejected() =>
        FluentActions.Invoking(() => IssuerEnricher.Create(new EchoIssuerClient()).Stream(["1"], new() { Deadline = TimeSpan.FromSeconds(-1) }))
            .Should().Throw<ArgumentException>().WithMessage("Deadline is -00:00:01*");

    private static IEnumerable<string> PathsOf(Type options) => options.GetProperties().SelectMany(property =>
        property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
            ? PathsOf(property.PropertyType).Select(path => $"{property.Name}:{path}")
            : [property.Name]);

    private static IssuerEnrichmentOptions Bind(params (string Key, string Value)[] values) => Bind(_ => { }, values);

    private static IssuerEnrichmentOptions Bind(Action<IssuerEnrichmentOptions> before, params (string Key, string Value)[] values)
    {
        ServiceCollection services = new();
        services.Configure(before);
        services.AddIssuerEnrichment(SectionOf("Issuers", values)).AddIssuerClient(new EchoIssuerClient());
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<IssuerEnrichmentOptions>>().Value;
    }

    private static HttpIssuerClientOptions BindHttp(params (string Key, string Value)[] values)
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddHttpIssuerClient(SectionOf("Http", values));
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<HttpIssuerClientOptions>>().Value;
    }

    private static IConfigurationSection SectionOf(string name, (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create<string, string?>($"{name}:{pair.Key}", pair.Value))).Build().GetSection(name);
}
