using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Sample;

/// <summary>Issuers that behave as their ids say: a number up to 599 from 400 on is the status they get, "hang" is never answered.</summary>
internal sealed class Scripted : Fault
{
    public static Task<IssuerTestService> StartAsync() =>
        IssuerTestService.StartAsync(new IssuerServiceScript { Faults = [new Scripted()] }, TestContext.Current.CancellationToken);

    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) => request =>
        request.Id == "hang" ? request.DelayAsync(Timeout.InfiniteTimeSpan)
        : int.TryParse(request.Id, out int status) && status is >= 400 and < 600 ? request.AnswerAsync(status)
        : inner(request);
}
