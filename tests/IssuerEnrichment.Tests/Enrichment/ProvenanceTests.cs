using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Enrichment;

public sealed class ProvenanceTests
{
    private static readonly AnswerProvenance Ledger = new("ledger") { RetrievedAt = DateTimeOffset.UnixEpoch, IsComplete = true };

    [Theory]
    [InlineData("found", EnrichmentStatus.Enriched)]
    [InlineData("unknown", EnrichmentStatus.NotFound)]
    public async Task An_outcome_has_the_provenance_of_its_answer_and_so_has_one_that_shares_it(string id, EnrichmentStatus status)
    {
        List<EnrichmentOutcome> outcomes = await AskAsync(id, id);

        outcomes.Should().OnlyContain(outcome => outcome.Status == status && outcome.Provenance == Ledger);
        outcomes.Should().ContainSingle(outcome => outcome.IsShared);
    }

    [Theory]
    [InlineData("silent", EnrichmentStatus.Enriched)]
    [InlineData("incomplete", EnrichmentStatus.Failed)]
    [InlineData(" ", EnrichmentStatus.Invalid)]
    public async Task There_is_no_provenance_without_an_answer_or_if_the_client_does_not_state_it(string id, EnrichmentStatus status)
    {
        EnrichmentOutcome outcome = (await AskAsync(id)).Single();

        outcome.Status.Should().Be(status);
        outcome.Provenance.Should().BeNull();
    }

    [Fact]
    public async Task An_answer_that_lacks_some_is_no_list()
    {
        EnrichmentOutcome outcome = (await AskAsync("incomplete")).Single();

        outcome.Isins.Should().BeNull();
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Incomplete);
        outcome.Attempts.Should().Be(1);
    }

    private static async Task<List<EnrichmentOutcome>> AskAsync(params string[] ids)
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new ScriptedIssuerClient((id, _) => id switch
        {
            "found" => IssuerAnswer.Found(["US0378331005"]) with { Provenance = Ledger },
            "unknown" => IssuerAnswer.NotFound with { Provenance = Ledger },
            "silent" => IssuerAnswer.Found([]),
            _ => throw new IssuerServiceException(EnrichmentErrorKind.Incomplete, "Half of them are missing.", isTransient: false),
        }));
        return await enricher.Stream(ids).ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();
    }
}
