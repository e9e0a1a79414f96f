namespace IssuerEnrichment.Tests.Gleif;

/// <summary>One LEI, page by page.</summary>
public sealed class GleifPagesTests
{
    private static readonly string Lei = Entity.LeiOf(1);

    [Fact]
    public async Task All_pages_are_read_sorted_and_proved_complete()
    {
        Entity shell = Entity.Create(1, isins: 1_823);
        GleifData data = new(shell) { Order = isins => [.. isins.Reverse()] };
        await using GleifService gleif = await GleifService.StartAsync(data, options => options.PageSize = 15);

        EnrichmentOutcome outcome = await gleif.AskAsync(Lei);

        data.Pages.Should().Be(122);
        outcome.Status.Should().Be(EnrichmentStatus.Enriched);
        outcome.Isins.Should().Equal(shell.Isins.Order(StringComparer.Ordinal));
        outcome.Requests.Should().Be(122);
        outcome.Provenance.Should().Match<AnswerProvenance>(from => from.Source == "GLEIF API" && from.IsComplete
            && from.DataDate == new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero) && from.RetrievedAt > from.DataDate);
        gleif.Headers.Accept.ToString().Should().Be("application/vnd.api+json");
        gleif.Headers.UserAgent.ToString().Should().StartWith("IssuerEnrichment.Gleif/");
    }

    [Fact]
    public async Task Asks_for_pages_of_200_where_the_default_would_be_15()
    {
        GleifData data = new(Entity.Create(1, isins: 4_201));
        await using GleifService gleif = await GleifService.StartAsync(data);

        (await gleif.AskAsync(Lei)).Isins.Should().HaveCount(4_201);

        data.Pages.Should().Be(22);
    }

    [Fact]
    public async Task A_known_issuer_without_isins_is_enriched_with_none()
    {
        await using GleifService gleif = await GleifService.StartAsync(new GleifData(Entity.Create(1, isins: 0)));

        EnrichmentOutcome outcome = await gleif.AskAsync(Lei);

        outcome.Status.Should().Be(EnrichmentStatus.Enriched);
        outcome.Isins.Should().BeEmpty();
        outcome.Provenance!.IsComplete.Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unknown_issuer_is_not_found_be_the_answer_json_or_html(bool isHtml)
    {
        GleifData data = new() { Answer = (_, answer) => isHtml ? GleifAnswer.HtmlNotFound : answer };
        await using GleifService gleif = await GleifService.StartAsync(data);

        EnrichmentOutcome outcome = await gleif.AskAsync(Lei);

        outcome.Status.Should().Be(EnrichmentStatus.NotFound);
        outcome.Isins.Should().BeNull();
        data.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("7LTWFZYICNSX8D621K8", "An LEI has 20 characters, not 19.")]
    [InlineData("HWUPKR0MPOU8FGXBT395", "The LEI HWUPKR0MPOU8FGXBT395 should end in 94, its check digits.")]
    [InlineData("hwupkr0mpou8fgxbt394", "Character 1 of an LEI must be a letter A-Z or a digit 0-9, but is 'h'.")]
    public async Task What_is_no_lei_is_rejected_without_a_request(string id, string message)
    {
        GleifData data = new();
        await using GleifService gleif = await GleifService.StartAsync(data);

        EnrichmentOutcome outcome = await gleif.AskAsync(id);

        outcome.Status.Should().Be(EnrichmentStatus.Invalid);
        outcome.Error!.Message.Should().Be(message);
        data.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("1")]
    [InlineData(null)]
    public async Task Throttling_is_waited_out_and_spends_no_attempt(string? retryAfter)
    {
        int refusals = 0;
        GleifData data = new(Entity.Create(1, isins: 3_000))
        {
            Answer = (request, answer) => request.EndsWith("=7") && refusals++ < 2 ? GleifAnswer.TooMany(retryAfter) : answer,
        };
        await using GleifService gleif = await GleifService.StartAsync(data, configureSource: options => options.Retry.MaxAttempts = 1);

        (await gleif.AskAsync(Lei)).Isins.Should().HaveCount(3_000);

        data.Pages.Should().Be(15 + 2);
    }

    [Fact]
    public async Task A_page_that_fails_is_asked_for_again_and_not_those_before_it()
    {
        // Every page fails once, three times as often as one lookup may fail in all.
        HashSet<string> failed = [];
        GleifData data = new(Entity.Create(1, isins: 3_000)) { Answer = (request, answer) => failed.Add(request) ? new(500, "") : answer };
        await using GleifService gleif = await GleifService.StartAsync(data, configureSource: options => options.Retry.Budget = 10);

        (await gleif.AskAsync(Lei)).Isins.Should().HaveCount(3_000);

        data.Requests.Should().OnlyContain(request => data.Requests.Count(other => other == request) == 2);
        data.Pages.Should().Be(30);
    }

    [Fact]
    public async Task A_page_that_goes_on_failing_fails_the_issuer()
    {
        GleifData data = new(Entity.Create(1, isins: 3_000)) { Answer = (request, answer) => request.EndsWith("=3") ? new(500, "") : answer };
        await using GleifService gleif = await GleifService.StartAsync(data, configureSource: options => options.Gate.FailuresInARow = 100);

        EnrichmentOutcome outcome = await gleif.AskAsync(Lei);

        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Isins.Should().BeNull();
        outcome.Error!.HttpStatus.Should().Be(500);
        data.Pages.Should().Be(2 + 5);
    }

    [Fact]
    public async Task A_date_in_an_odd_form_costs_the_date_and_no_answer()
    {
        Entity entity = Entity.Create(1, isins: 3);
        await using GleifService gleif = await GleifService.StartAsync(new GleifData(entity) { PublishDate = "20 Nov 2026" });

        (List<EnrichmentOutcome> outcomes, _) = await gleif.AskAsync([entity.Lei]);

        outcomes.Single().Isins.Should().HaveCount(3);
        outcomes.Single().Provenance!.DataDate.Should().BeNull();
    }
}
