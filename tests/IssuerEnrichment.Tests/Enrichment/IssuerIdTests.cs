using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using NSubstitute;

namespace IssuerEnrichment.Tests.Enrichment;

public sealed class IssuerIdTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string?, string> WorthlessIds => new()
    {
        { null, "The id is null." },
        { "", "The id is blank." },
        { " \t ", "The id is blank." },
        { new string('x', 10_000), "The id has 10000 characters; at most 1024 are sent (Bounds.MaxIssuerIdLength)." },
        { "a\nb", "The id holds the control character U+000A." },
        { "a\0b", "The id holds the control character U+0000." },
        { "a\u0085b", "The id holds the control character U+0085." },
    };

    [Theory]
    [MemberData(nameof(WorthlessIds), DisableDiscoveryEnumeration = true)]
    public async Task A_worthless_id_is_invalid_and_never_asked_for(string? id, string reason)
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));

        EnrichmentOutcome outcome = await EnrichOneAsync(client, id);

        outcome.Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Invalid && outcome.Attempts == 0 && outcome.Source == EnrichmentSource.None);
        outcome.IssuerId.Should().Be(id);
        outcome.Error.Should().Be(new EnrichmentError(EnrichmentErrorKind.InvalidId, reason));
        client.Attempts.Should().Be(0);
    }

    [Theory]
    [InlineData("héllo wörld")]
    [InlineData("株式会社")]
    [InlineData("../../etc/passwd")]
    [InlineData("' OR 1=1 --")]
    [InlineData(" padded ")]
    public async Task Any_other_id_is_asked_for_as_it_is(string id) =>
        (await EnrichOneAsync(new EchoIssuerClient(), id)).Isins.Should().Equal(id);

    [Fact]
    public async Task Ids_that_differ_in_case_are_different_ids()
    {
        List<EnrichmentOutcome> outcomes = await IssuerEnricher.Create(new EchoIssuerClient())
            .Stream(["a", "A"]).ToListAsync(Token);

        outcomes.Should().OnlyContain(outcome => !outcome.IsShared && outcome.Isins!.Single() == outcome.IssuerId);
    }

    [Fact]
    public async Task A_client_that_validates_ids_rejects_one_before_any_request()
    {
        IIssuerClient client = Substitute.For<IIssuerClient, IIssuerIdValidator>();
        ((IIssuerIdValidator)client).Refuse("x").Returns("An id has 20 characters.");

        EnrichmentOutcome outcome = await EnrichOneAsync(client, "x");

        outcome.Error.Should().Be(new EnrichmentError(EnrichmentErrorKind.InvalidId, "An id has 20 characters."));
        await client.DidNotReceiveWithAnyArgs().GetIsinsAsync(default!, Token);
    }

    [Fact]
    public async Task A_client_that_throws_in_validation_fails_that_issuer_alone()
    {
        IIssuerClient client = Substitute.For<IIssuerClient, IIssuerIdValidator>();
        ((IIssuerIdValidator)client).Refuse("x").Returns(_ => throw new FormatException("broken"));
        ((IIssuerIdValidator)client).Refuse("y").Returns((string?)null);
        client.GetIsinsAsync("y", Arg.Any<CancellationToken>()).Returns(IssuerAnswer.NotFound);

        List<EnrichmentOutcome> outcomes = await IssuerEnricher.Create(client)
            .Stream(["x", "y"], new() { Ordered = true }).ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Select(outcome => outcome.Status).Should().Equal(EnrichmentStatus.Failed, EnrichmentStatus.NotFound);
        outcomes[0].Error!.Kind.Should().Be(EnrichmentErrorKind.Fault);
    }

    [Fact]
    public async Task The_same_id_a_thousand_times_is_asked_for_once()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        IEnrichmentRun run = IssuerEnricher.Create(client).Stream(Enumerable.Repeat("1", 1_000));

        List<EnrichmentOutcome> outcomes = await run.ToListAsync(Token);

        client.Attempts.Should().Be(1);
        outcomes.Should().HaveCount(1_000).And.OnlyContain(outcome => outcome.Isins!.Single() == "1" && outcome.Attempts == 1);
        outcomes.Select(outcome => outcome.Position).Should().OnlyHaveUniqueItems();
        outcomes.Sum(outcome => outcome.Requests).Should().Be(1);
        run.Report.Should().Match<EnrichmentReport>(report =>
            report.Inputs == 1_000 && report.Enriched == 1_000 && report.Lookups == 1 && report.Requests == 1 && report.IsBalanced);
    }

    [Fact]
    public async Task A_failure_is_shared_like_an_answer()
    {
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Permanent());

        List<EnrichmentOutcome> outcomes = await IssuerEnricher.Create(client).Stream(["1", "1", "1"]).ToListAsync(Token);

        outcomes.Should().HaveCount(3).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Failed && outcome.Error!.HttpStatus == 410);
        client.Attempts.Should().Be(1);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public async Task An_id_repeated_beyond_the_held_verdicts_is_asked_again(int held, int attempts)
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        IssuerEnricher enricher = IssuerEnricher.Create(
            client, new() { Bounds = new() { HeldVerdicts = held }, Strategy = EnrichmentStrategyName.Sequential });

        List<EnrichmentOutcome> outcomes = await enricher.Stream(["1", "1", "2", "2", "1"]).ToListAsync(Token);

        outcomes.Should().HaveCount(5).And.OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId);
        client.Attempts.Should().Be(attempts);
    }

    private static async Task<EnrichmentOutcome> EnrichOneAsync(IIssuerClient client, string? id) =>
        (await IssuerEnricher.Create(client).Stream([id]).ToListAsync(Token).AsTask().WithTimeout()).Should().ContainSingle().Subject;
}
