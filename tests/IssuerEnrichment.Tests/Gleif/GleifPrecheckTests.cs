namespace IssuerEnrichment.Tests.Gleif;

/// <summary>Many LEIs, of which most need no page.</summary>
public sealed class GleifPrecheckTests
{
    // 150 with one page of ISINs, one with 1,823 of them and one with 4,201, 318 without; ten unknown and ten malformed.
    private static readonly Entity[] Entities =
    [
        .. Enumerable.Range(1, 150).Select(number => Entity.Create(number, isins: 1 + (number % 7))),
        Entity.Create(151, isins: 1_823),
        Entity.Create(152, isins: 4_201),
        .. Enumerable.Range(153, 328).Select(number => Entity.Create(number, isins: 0)),
    ];

    private static readonly string[] Leis =
    [
        .. Entities.Select(entity => entity.Lei),
        .. Enumerable.Range(9_000, 10).Select(Entity.LeiOf),
        .. Enumerable.Range(1, 10).Select(number => $"LEI-{number}"),
    ];

    private const int PagesWithIsins = 150 + 10 + 22;

    [Theory]
    [InlineData(true, PagesWithIsins)]
    [InlineData(false, PagesWithIsins + 328 + 10)]
    public async Task Five_hundred_issuers_end_complete_and_right_in_hardly_more_requests_than_there_are_pages(bool precheck, int pages)
    {
        string[] leis = [.. Leis];
        new Random(7).Shuffle(leis);
        GleifData data = new(Entities);
        await using GleifService gleif = await GleifService.StartAsync(data, options => options.Precheck = precheck);

        (List<EnrichmentOutcome> outcomes, EnrichmentReport report) = await gleif.AskAsync(leis);

        report.Should().Match<EnrichmentReport>(r => r.Inputs == 500 && r.Enriched == 480 && r.NotFound == 10 && r.Invalid == 10);
        report.Requests.Should().Be(data.Requests.Count).And.BeInRange(pages, (long)(pages * 1.05));
        data.Pages.Should().Be(pages);
        Dictionary<string, Entity> known = Entities.ToDictionary(entity => entity.Lei);
        foreach (EnrichmentOutcome outcome in outcomes.Where(outcome => outcome.Status == EnrichmentStatus.Enriched))
        {
            outcome.Isins.Should().Equal(known[outcome.IssuerId!].Isins.Order(StringComparer.Ordinal));
            outcome.Provenance!.IsComplete.Should().BeTrue();
            outcome.Attempts.Should().Be(1);
        }
    }

    [Fact]
    public async Task What_asks_page_by_page_does_not_make_batches_small()
    {
        // Every second has ISINs, so that soon all lookups in flight are those of pages, and others come one by one.
        Entity[] entities = [.. Enumerable.Range(1, 3_000).Select(number => Entity.Create(number, isins: number % 2))];
        GleifData data = new(entities);
        await using GleifService gleif = await GleifService.StartAsync(data);

        (_, EnrichmentReport report) = await gleif.AskAsync(entities.Select(entity => entity.Lei));

        report.Enriched.Should().Be(3_000);
        report.Requests.Should().BeInRange(1_500, (long)(1_500 * 1.05));
    }

    [Theory]
    [InlineData("async")]
    [InlineData("thread-pool")]
    [InlineData("sequential")]
    public async Task Any_strategy_gives_the_same_answers(string strategy)
    {
        await using GleifService gleif = await GleifService.StartAsync(new GleifData(Entities), configureSource: options => options.Strategy = strategy);

        (List<EnrichmentOutcome> outcomes, EnrichmentReport report) = await gleif.AskAsync(Leis.Skip(130).Take(40));

        report.Enriched.Should().Be(40);
        outcomes.Select(outcome => outcome.Isins!.Count).Should().Equal(Entities.Skip(130).Take(40).Select(entity => entity.Isins.Count));
    }

    [Fact]
    public async Task A_deadline_leaves_nobody_waiting_for_a_place()
    {
        await using GleifService gleif = await GleifService.StartAsync(
            new GleifData(Entities), configureSource: options => options.RateLimit = RateLimit.PerSecond(10));

        IEnrichmentRun run = gleif.Enricher.Stream(Leis.Take(150), new EnrichmentRunOptions { Deadline = TimeSpan.FromMilliseconds(500) });
        List<EnrichmentOutcome> outcomes = await run.ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();

        outcomes.Should().HaveCount(150).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Enriched || outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
        run.Report.NotAttempted.Should().BeGreaterThan(100);
    }

    [Fact]
    public async Task Where_no_record_links_to_isins_all_are_asked_for()
    {
        GleifData data = new(Entities) { HasLinks = false };
        await using GleifService gleif = await GleifService.StartAsync(data);

        (List<EnrichmentOutcome> outcomes, EnrichmentReport report) = await gleif.AskAsync(Leis);

        report.Should().Match<EnrichmentReport>(r => r.Enriched == 480 && r.NotFound == 10 && r.Invalid == 10);
        outcomes.Sum(outcome => outcome.Isins?.Count ?? 0).Should().Be(Entities.Sum(entity => entity.Isins.Count));
    }

    [Fact]
    public async Task Records_that_do_not_fit_on_one_page_are_not_taken_for_unknown()
    {
        GleifData data = new(Entities) { MostRows = 15 };
        await using GleifService gleif = await GleifService.StartAsync(data);

        (_, EnrichmentReport report) = await gleif.AskAsync(Leis.Take(60));

        report.Enriched.Should().Be(60);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_precheck_that_is_not_to_be_had_is_done_without(int status)
    {
        GleifData data = new(Entities)
        {
            Answer = (request, answer) => request.Contains("filter", StringComparison.Ordinal) ? new(status, "") : answer,
        };
        await using GleifService gleif = await GleifService.StartAsync(data, configureSource: options =>
        {
            options.Gate.FailuresInARow = 1_000;
            options.Retry.BaseDelay = TimeSpan.FromMilliseconds(1);
            options.Retry.Budget = 10;
        });

        (_, EnrichmentReport report) = await gleif.AskAsync(Leis.Skip(100).Take(40));

        report.Enriched.Should().Be(40);
    }

    [Fact]
    public async Task A_long_address_is_made_shorter()
    {
        GleifData data = new(Entities) { Answer = (request, answer) => request.Length > 1_000 ? new(414, "") : answer };
        await using GleifService gleif = await GleifService.StartAsync(data);

        (_, EnrichmentReport report) = await gleif.AskAsync(Leis.Take(180));

        report.Enriched.Should().Be(180);
        data.Requests.Where(request => request.Contains("filter")).Should().Contain(request => request.Length < 1_000);
    }

    [Fact]
    public async Task Names_and_categories_come_with_the_answer()
    {
        Entity state = Entity.Create(1, isins: 2) with { Category = "RESIDENT_GOVERNMENT_ENTITY", SubCategory = "CENTRAL_GOVERNMENT" };
        Entity firm = Entity.Create(2, isins: 0);
        await using GleifService gleif = await GleifService.StartAsync(new GleifData(state, firm));

        (List<EnrichmentOutcome> outcomes, _) = await gleif.AskAsync([state.Lei, firm.Lei]);

        outcomes[0].Provenance!.Facts.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            [GleifFact.Name] = state.Name,
            [GleifFact.Category] = "RESIDENT_GOVERNMENT_ENTITY",
            [GleifFact.SubCategory] = "CENTRAL_GOVERNMENT",
        });
        outcomes[1].Provenance!.Facts.Keys.Should().BeEquivalentTo(GleifFact.Name, GleifFact.Category);
    }

    [Fact]
    public async Task The_record_of_a_lone_issuer_is_read_where_it_is_asked_for()
    {
        Entity firm = Entity.Create(1, isins: 2);
        GleifData data = new(firm);
        await using GleifService gleif = await GleifService.StartAsync(data, options => options.Records = true);

        EnrichmentOutcome known = await gleif.AskAsync(firm.Lei);
        EnrichmentOutcome unknown = await gleif.AskAsync(Entity.LeiOf(2));

        known.Provenance!.Facts[GleifFact.Name].Should().Be(firm.Name);
        unknown.Status.Should().Be(EnrichmentStatus.NotFound);
        data.Requests.Should().HaveCount(2 + 1);
    }
}
