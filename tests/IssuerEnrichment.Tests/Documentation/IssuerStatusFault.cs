using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>Answers one issuer with a status, at its first attempts.</summary>
internal sealed class IssuerStatusFault(string issuerId, int status, int attempts = int.MaxValue) : Fault
{
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) => request =>
        request.Id == issuerId && request.Attempt <= attempts ? request.AnswerAsync(status) : inner(request);
}
