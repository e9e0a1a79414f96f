using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>A stream of Akka.NET: a source, an unordered asynchronous stage, a sink that folds what comes out into a dictionary.</summary>
internal sealed class AkkaStreamsPeer : IPeer
{
    private ActorSystem _system = null!;
    private ActorMaterializer _materializer = null!;

    public string Name => "Akka.Streams + Polly";

    public void Prepare(IAskedService service, int atOnce)
    {
        _system = ActorSystem.Create("peer", "akka { loglevel = WARNING, stdout-loglevel = WARNING }");
        _materializer = _system.Materializer();
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce) =>
        await Source.From(issuerIds)
            .SelectAsyncUnordered(atOnce, async issuerId =>
                (IssuerId: issuerId, Isins: (await PollyRetry.AskAsync(client, issuerId, CancellationToken.None)).Isins!))
            .RunAggregate(
                new Dictionary<string, IReadOnlyList<string>>(),
                (isins, found) =>
                {
                    isins.Add(found.IssuerId, found.Isins);
                    return isins;
                },
                _materializer);

    public void Dispose()
    {
        _materializer.Dispose();
        _system.Dispose();
    }
}
