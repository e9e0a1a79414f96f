using IssuerEnrichment.Tests.Gleif;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on GLEIF, and of its package.</summary>
public sealed class GleifSnippets : IDisposable
{
    private readonly Entity[] _entities = [Entity.Create(1, isins: 3), Entity.Create(2, isins: 0), Entity.Create(3, isins: 250)];
    private readonly string _folder = Directory.CreateTempSubdirectory("gleif-snippets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_list_of_leis_becomes_a_csv_of_their_isins()
    {
        string input = Path.Combine(_folder, "leis.txt");
        string output = Path.Combine(_folder, "isins.csv");
        File.WriteAllLines(input, _entities.Select(entity => entity.Lei));
        ServiceCollection services = new();
        GleifHandler.Replace(services, new GleifData(_entities));

        #region gleif
        services.AddIssuerEnrichment().AddGleifIssuerClient();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(File.ReadLines(input));

        await using (StreamWriter csv = new(output))
            await foreach (EnrichmentOutcome outcome in run)
                foreach (string isin in outcome.Isins ?? [])
                    await csv.WriteLineAsync($"{outcome.IssuerId},{isin}");
        Console.WriteLine($"{run.Report.Enriched} of {run.Report.Inputs} LEIs, {run.Report.Requests} requests");
        #endregion

        File.ReadLines(output).Should().BeEquivalentTo(_entities.SelectMany(entity => entity.Isins, (entity, isin) => $"{entity.Lei},{isin}"));
        run.Report.Requests.Should().Be(1 + 1 + 2);
    }

    [Fact]
    public async Task The_daily_file_answers_without_requests()
    {
        string file = Path.Combine(_folder, "isin-lei-20260913T071511.csv");
        File.WriteAllLines(file, _entities.SelectMany(entity => entity.Isins, (entity, isin) => $"{entity.Lei},{isin}").Prepend("LEI,ISIN"));

        ServiceCollection services = new();
        #region gleif-file
        services.AddIssuerEnrichment().AddGleifFileIssuerClient(file);
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        EnrichmentResult result = await provider.GetRequiredService<IIssuerEnricher>().EnrichAsync(
            _entities, entity => entity.Lei, (_, _) => { }, cancellationToken: TestContext.Current.CancellationToken);
        result.Outcomes.Select(outcome => outcome.Isins!.Count).Should().Equal(3, 0, 250);
    }

    [Fact]
    public async Task Provenance_says_from_where_and_of_when_an_answer_is()
    {
        string lei = _entities[0].Lei;
        ServiceCollection services = new();
        GleifHandler.Replace(services, new GleifData(_entities));

        #region gleif-provenance
        services.AddIssuerEnrichment().AddGleifIssuerClient().UseGleifIssuerTypes();
        await using ServiceProvider provider = services.BuildServiceProvider();
        EnrichmentOutcome outcome = await provider.GetRequiredService<IIssuerEnricher>().Stream([lei]).SingleAsync();

        AnswerProvenance from = outcome.Provenance!;
        Console.WriteLine($"{from.Facts[GleifFact.Name]}, {outcome.Type}: {outcome.Isins!.Count} ISINs, complete: {from.IsComplete}, as of {from.DataDate:d}");
        #endregion

        from.Facts[GleifFact.Name].Should().Be(_entities[0].Name);
        from.IsComplete.Should().BeTrue();
    }
}
