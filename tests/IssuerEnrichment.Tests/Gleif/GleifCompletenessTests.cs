namespace IssuerEnrichment.Tests.Gleif;

/// <summary>What lacks an ISIN, or may lack one, is no answer.</summary>
public sealed class GleifCompletenessTests
{
    private static readonly string Lei = Entity.LeiOf(1);
    private readonly Entity _entity = Entity.Create(1, isins: 1_000);

    [Fact]
    public async Task A_total_that_changes_begins_the_walk_anew_once()
    {
        int pages = 0;
        GleifData data = new(_entity);
        data.Total = total => ++pages <= 2 ? total - 1 : total;

        EnrichmentOutcome outcome = await AskAsync(data);

        outcome.Isins.Should().HaveCount(1_000);
        data.Pages.Should().Be(3 + 5);
    }

    [Fact]
    public async Task Data_of_another_day_begin_the_walk_anew_though_the_total_is_the_same()
    {
        GleifData data = new(_entity);
        data.Answer = (request, answer) =>
        {
            data.PublishDate = "2026-11-21T00:00:00Z";
            return answer;
        };

        EnrichmentOutcome outcome = await AskAsync(data);

        outcome.Isins.Should().HaveCount(1_000);
        outcome.Provenance!.DataDate!.Value.Day.Should().Be(21);
        data.Pages.Should().Be(2 + 5);
    }

    [Fact]
    public async Task A_total_that_goes_on_changing_is_incomplete()
    {
        int total = 1_000;
        GleifData data = new(_entity) { Total = _ => total++ };

        ShouldBeIncomplete(await AskAsync(data));
    }

    [Fact]
    public async Task Rows_that_move_between_pages_are_put_together_from_two_walks()
    {
        int pages = 0;

        // In the first walk the second page has the rows of the first, in another order.
        GleifData data = new(_entity) { Order = isins => ++pages == 2 ? [.. isins.Skip(800), .. isins.Take(800)] : isins };

        EnrichmentOutcome outcome = await AskAsync(data);

        outcome.Isins.Should().Equal(_entity.Isins.Order(StringComparer.Ordinal));
        outcome.Provenance!.IsComplete.Should().BeTrue();
        data.Pages.Should().Be(5 + 5);
    }

    [Fact]
    public async Task Rows_that_are_missing_from_both_walks_are_not_made_up_for()
    {
        GleifData data = new(_entity) { Order = isins => [.. isins.Take(900), .. isins.Take(100)] };

        EnrichmentOutcome outcome = await AskAsync(data);

        ShouldBeIncomplete(outcome);
        outcome.Error!.Message.Should().Contain("counts 1,000 ISINs of this LEI, but its pages contain 900");
    }

    [Fact]
    public async Task An_isin_that_gleif_has_in_two_rows_is_no_sign_of_a_missing_one()
    {
        GleifData data = new(_entity with { Isins = [.. _entity.Isins.Take(999), _entity.Isins[0]] });
        data.Answer = (_, answer) => answer with { Body = OtherIdForTheLastRow(answer.Body) };

        EnrichmentOutcome outcome = await AskAsync(data);

        outcome.Isins.Should().HaveCount(999);
        data.Pages.Should().Be(10);
    }

    [Fact]
    public async Task More_isins_than_numbered_pages_reach_are_left_to_the_daily_file()
    {
        GleifData data = new(_entity) { Total = _ => 10_001 };

        EnrichmentOutcome outcome = await AskAsync(data);

        ShouldBeIncomplete(outcome);
        data.Pages.Should().Be(1);
    }

    [Fact]
    public async Task As_many_as_numbered_pages_reach_are_read()
    {
        EnrichmentOutcome outcome = await AskAsync(new GleifData(Entity.Create(1, isins: 10_000)));

        outcome.Isins.Should().HaveCount(10_000);
    }

    [Fact]
    public async Task The_answer_is_incomplete_if_gleif_rejects_a_page_although_more_are_allowed()
    {
        GleifData data = new(Entity.Create(1, isins: 10_001));

        ShouldBeIncomplete(await AskAsync(data, options => options.MaxIsins = 20_000));
        data.Pages.Should().Be(51);
    }

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"meta":{"pagination":{"total":1,"lastPage":1}}}""")]
    [InlineData("""{"meta":{"pagination":{"total":-1,"lastPage":1}},"data":[]}""")]
    [InlineData("""{"meta":{"pagination":{"total":1,"lastPage":1}},"data":[{"id":"1"}]}""")]
    [InlineData("""{"meta":{"pagination":{"total":1,"lastPage":1}},"data":[{"id":"1","attributes":{"lei":"another","isin":"US0378331005"}}]}""")]
    [InlineData("""{"meta":{"pagination":{"total":"many"}},"data":[]}""")]
    [InlineData("null")]
    public async Task What_is_no_page_of_this_issuer_s_isins_is_a_failed_attempt(string body)
    {
        GleifData data = new(_entity) { Answer = (_, answer) => answer with { Body = body } };

        EnrichmentOutcome outcome = await AskAsync(data);

        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.UnexpectedAnswer);
        outcome.Isins.Should().BeNull();
    }

    private static async Task<EnrichmentOutcome> AskAsync(GleifData data, Action<GleifOptions>? configure = null)
    {
        await using GleifService gleif = await GleifService.StartAsync(data, configure);
        return await gleif.AskAsync(Lei);
    }

    private static void ShouldBeIncomplete(EnrichmentOutcome outcome)
    {
        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Isins.Should().BeNull();
        outcome.Provenance.Should().BeNull();
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Incomplete);
        outcome.Error.Message.Should().Contain("daily file");
    }

    private string OtherIdForTheLastRow(string body) =>
        body.Contains("\"currentPage\":5,") ? body.Replace($"row-of-{_entity.Isins[0]}", "another-row") : body;
}
