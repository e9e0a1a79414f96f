using IssuerEnrichment.Strategies;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ParallelStrategy = IssuerEnrichment.Tests.Documentation.StrategySnippets.ParallelStrategy;

namespace IssuerEnrichment.Tests.Registration;

public sealed class RegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_as_a_sentence_and_works()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("""{"data":{"isins":["US0378331005"]}}""");
        ServiceCollection services = new();

        services.AddIssuerEnrichment(o => { o.MaxConcurrency = 8; o.RateLimit = RateLimit.PerSecond(100); })
                .AddHttpIssuerClient(o => o.BaseAddress = service.BaseAddress);

        await using ServiceProvider provider = services.BuildServiceProvider();
        DocumentEnrichmentResult result = await provider.GetRequiredService<IIssuerEnricher>()
            .EnrichAsync(new IssuerDocument([new Issuer("1")]), cancellationToken: Token);
        result.Document.Issuers[0].Isins.Should().Equal("US0378331005");
    }

    [Fact]
    public async Task Adding_a_source_twice_adds_up_its_options_and_nothing_else()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment(options => options.MaxConcurrency = 3).AddIssuerClient(new EchoIssuerClient());
        int once = services.Count(IsOurs);

        services.AddIssuerEnrichment(options => options.Retry.MaxAttempts = 2);

        services.Count(IsOurs).Should().Be(once);
        await using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetServices<IIssuerEnricher>().Should().ContainSingle();
        provider.GetServices<IEnrichmentStrategy>().Should().HaveCount(3);
        provider.GetRequiredService<IOptions<IssuerEnrichmentOptions>>().Value.Should().Match<IssuerEnrichmentOptions>(options =>
            options.MaxConcurrency == 3 && options.Retry.MaxAttempts == 2);

        static bool IsOurs(ServiceDescriptor service) => service.ServiceType.Namespace!.StartsWith("IssuerEnrichment", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_source_is_keyed_by_its_name_and_has_its_own_client_and_options()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment(options => options.MaxConcurrency = 2).AddIssuerClient(new EchoIssuerClient());
        services.AddIssuerEnrichment("bonds", options => options.Bounds.MaxIssuerIdLength = 1)
            .AddIssuerClient(new ScriptedIssuerClient(_ => IssuerAnswer.NotFound));
        await using ServiceProvider provider = services.BuildServiceProvider();

        IIssuerEnricher first = provider.GetRequiredService<IIssuerEnricher>();
        IIssuerEnricher second = provider.GetRequiredKeyedService<IIssuerEnricher>("bonds");

        second.Should().NotBeSameAs(first).And.BeSameAs(provider.GetRequiredKeyedService<IIssuerEnricher>("bonds"));
        (await StatusesAsync(first, "1", "12")).Should().Equal(EnrichmentStatus.Enriched, EnrichmentStatus.Enriched);
        (await StatusesAsync(second, "1", "12")).Should().Equal(EnrichmentStatus.NotFound, EnrichmentStatus.Invalid);
    }

    [Fact]
    public async Task Only_named_sources_leave_no_default()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment("bonds").AddIssuerClient(new EchoIssuerClient());
        await using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetService<IIssuerEnricher>().Should().BeNull();
    }

    [Fact]
    public async Task Without_a_client_the_message_says_how_to_add_one() =>
        (await ProblemAsync(services => services.AddIssuerEnrichment())).Should().Be(
            "No issuer client is registered for the default source: add one with "
            + "AddHttpIssuerClient, AddIssuerClient, AddIssuerBatchClient or AddBlockingIssuerClient.");

    [Fact]
    public async Task Two_clients_of_one_source_are_rejected() =>
        (await ProblemAsync(services => services.AddIssuerEnrichment().AddIssuerClient(new EchoIssuerClient()).AddIssuerClient<GatedIssuerClient>()))
            .Should().Be(
                "Several issuer clients are registered for the default source (EchoIssuerClient, GatedIssuerClient): "
                + "keep one, or give the other service a source of its own with AddIssuerEnrichment(\"name\").");

    [Fact]
    public async Task A_client_of_one_source_is_none_of_another() =>
        (await ProblemAsync(services =>
        {
            services.AddIssuerEnrichment();
            services.AddIssuerEnrichment("bonds").AddIssuerClient(new EchoIssuerClient());
        })).Should().StartWith("No issuer client is registered for the default source");

    [Fact]
    public async Task A_host_does_not_start_with_a_source_that_cannot_work()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIssuerEnrichment(options => options.MaxConcurrency = 0).AddIssuerClient(new EchoIssuerClient());
        using IHost host = builder.Build();

        (await host.Awaiting(host => host.StartAsync(Token)).Should().ThrowAsync<OptionsValidationException>())
            .Which.Message.Should().Be("MaxConcurrency is 0; it must be between 1 and 10000.");
    }

    [Fact]
    public async Task A_host_does_not_start_with_an_http_client_that_cannot_work()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddIssuerEnrichment().AddHttpIssuerClient(options => options.AnswerPath = "a..b");
        using IHost host = builder.Build();

        (await host.Awaiting(host => host.StartAsync(Token)).Should().ThrowAsync<OptionsValidationException>())
            .Which.Failures.Should().Equal(
                "BaseAddress is not set; it must be the service's absolute http or https address.",
                "AnswerPath is 'a..b': The path 'a..b' has an empty segment.");
    }

    [Theory]
    [InlineData("/relative", "BaseAddress is '/relative'; it must be an absolute http or https address.")]
    [InlineData("ftp://issuers/", "BaseAddress is 'ftp://issuers/'; it must be an absolute http or https address.")]
    [InlineData("http://issuers/#x", "BaseAddress is 'http://issuers/#x'; what follows '#' is never sent, so an id cannot be appended to it.")]
    public async Task An_address_that_cannot_work_is_rejected(string address, string message) =>
        (await ProblemAsync(services => services.AddIssuerEnrichment().AddHttpIssuerClient(
            options => options.BaseAddress = new Uri(address, UriKind.RelativeOrAbsolute)))).Should().Be(message);

    [Theory]
    [InlineData("Content-Type", "json", "Headers holds 'Content-Type', which is not a request header.")]
    [InlineData("no name", "x", "Headers holds 'no name', which is not a request header.")]
    [InlineData("X-Api-Key", "secret\n", "The value of the header 'X-Api-Key' holds a line break.")]
    public async Task A_header_that_cannot_be_sent_is_rejected_without_telling_its_value(string header, string value, string message) =>
        (await ProblemAsync(services => services.AddIssuerEnrichment().AddHttpIssuerClient(options =>
        {
            options.BaseAddress = new("http://issuers/");
            options.Headers[header] = value;
        }))).Should().Be(message);

    [Fact]
    public async Task A_strategy_of_the_user_s_own_becomes_the_default_and_others_can_be_chosen_for_a_run()
    {
        GatedIssuerClient client = new();
        client.Open();
        await using Source source = Source.Of(builder => builder.AddIssuerClient(client).UseStrategy<ParallelStrategy>());

        (await StatusesAsync(source.Enricher, "1")).Should().Equal(EnrichmentStatus.Enriched);
        await source.Enricher.Stream(["a", "b", "c"], new() { Strategy = "SEQUENTIAL" }).ToListAsync(Token);

        client.Asked.Should().Equal("1", "a", "b", "c");
    }

    [Fact]
    public async Task A_strategy_of_the_same_name_replaces_ours()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddIssuerClient(new EchoIssuerClient()).UseStrategy<Replacement>();
        await using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetRequiredService<StrategySet>().Get("async").Should().BeOfType<Replacement>();
    }

    [Fact]
    public async Task A_strategy_that_nobody_registered_is_rejected_with_those_that_are()
    {
        const string message = "Strategy is 'fast'; registered are 'async', 'sequential', 'thread-pool'.";
        IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());

        (await ProblemAsync(services => services.AddIssuerEnrichment(options => options.Strategy = "fast").AddIssuerClient(new EchoIssuerClient())))
            .Should().Be(message);
        enricher.Invoking(enricher => enricher.Stream(["1"], new() { Strategy = "fast" }))
            .Should().Throw<ArgumentException>().Which.Message.Should().StartWith(message);
        FluentActions.Invoking(() => IssuerEnricher.Create(new EchoIssuerClient(), new() { Strategy = "fast" }))
            .Should().Throw<ArgumentException>().Which.Message.Should().StartWith(message);
    }

    [Fact]
    public void Misuse_throws_at_once()
    {
        ServiceCollection services = new();
        IIssuerEnrichmentBuilder builder = services.AddIssuerEnrichment();

        FluentActions.Invoking(() => ((IServiceCollection)null!).AddIssuerEnrichment()).Should().Throw<ArgumentNullException>();
        builder.Invoking(builder => builder.AddIssuerClient(null!)).Should().Throw<ArgumentNullException>();
        builder.Invoking(builder => builder.AddHttpIssuerClient((Action<HttpIssuerClientOptions>)null!)).Should().Throw<ArgumentNullException>();
        builder.Invoking(builder => builder.AddIssuerBatchClient(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => IssuerEnricher.Create((IIssuerClient)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => IssuerEnricher.Create((IIssuerBatchClient)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => IssuerEnricher.Create((IBlockingIssuerClient)null!)).Should().Throw<ArgumentNullException>();
    }

    private static async Task<string> ProblemAsync(Action<ServiceCollection> register)
    {
        ServiceCollection services = new();
        register(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return provider.Invoking(provider => provider.GetRequiredService<IIssuerEnricher>())
            .Should().Throw<OptionsValidationException>().Which.Message;
    }

    private static async Task<IEnumerable<EnrichmentStatus>> StatusesAsync(IIssuerEnricher enricher, params string[] ids) =>
        (await enricher.Stream(ids, new() { Ordered = true }).ToListAsync(Token).AsTask().WithTimeout()).Select(outcome => outcome.Status);

    private sealed class Replacement : IEnrichmentStrategy
    {
        public string Name => "Async";

        public Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }

    [Fact]
    public async Task A_source_may_have_a_classifier_of_its_own()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment("own").AddIssuerClient(new EchoIssuerClient()).UseIssuerTypeClassifier(_ => new FixedClassifier());
        services.AddIssuerEnrichment().AddIssuerClient(new EchoIssuerClient());
        await using ServiceProvider provider = services.BuildServiceProvider();

        (await TypeOfAsync(provider.GetRequiredKeyedService<IIssuerEnricher>("own"))).Should().Be(IssuerType.Sovereign);
        (await TypeOfAsync(provider.GetRequiredService<IIssuerEnricher>())).Should().NotBe(IssuerType.Sovereign);
    }

    [Fact]
    public async Task Without_a_container_a_blocking_client_a_strategy_and_a_classifier_can_be_given()
    {
        CountingStrategy strategy = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(new BlockingIssuerClient((id, _) => IssuerAnswer.Found([id])), strategy: strategy, classifier: new FixedClassifier());

        (await TypeOfAsync(enricher)).Should().Be(IssuerType.Sovereign);
        strategy.Lookups.Should().Be(1);
        (await TypeOfAsync(enricher, EnrichmentStrategyName.ThreadPool)).Should().Be(IssuerType.Sovereign);
        strategy.Lookups.Should().Be(1);
    }

    private static async Task<IssuerType?> TypeOfAsync(IIssuerEnricher enricher, string? strategy = null) =>
        (await enricher.Stream(["1"], new() { Strategy = strategy }).ToListAsync(TestContext.Current.CancellationToken)).Single().Type;

    private sealed class FixedClassifier : IIssuerTypeClassifier
    {
        public IssuerTypeDecision Classify(in IssuerTypeEvidence evidence) => new(IssuerType.Sovereign, "fixed");
    }

    private sealed class CountingStrategy : IEnrichmentStrategy
    {
        public int Lookups { get; private set; }

        public string Name => "counting";

        public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
        {
            await foreach (IssuerLookup lookup in lookups.WithCancellation(cancellationToken))
            {
                Lookups++;
                await lookup.RunAsync();
            }
        }
    }
}
