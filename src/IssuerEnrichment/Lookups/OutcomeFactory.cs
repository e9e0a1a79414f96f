using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>Creates the outcome of a lookup.</summary>
/// <param name="classifier">Determines the types of issuers; null if the source does not load ISINs, whose owners have a type.</param>
/// <param name="marketSectors">The market sectors of the issuers' document.</param>
internal sealed class OutcomeFactory(IIssuerTypeClassifier? classifier, IReadOnlyList<string> marketSectors)
{
    /// <summary>Creates the outcome from the result of the policies.</summary>
    public EnrichmentOutcome Conclude(IssuerLookup lookup, Outcome<IssuerAnswer> answer) =>
        answer.Exception is { } exception ? GiveUp(lookup, exception)
        : lookup.Context!.Retry?.Verdict is { } verdict ? End(lookup, EnrichmentStatus.Failed, verdict)
        : Accept(lookup, answer.Result);

    /// <summary>Creates the outcome of a lookup without an answer.</summary>
    public static EnrichmentOutcome GiveUp(IssuerLookup lookup, Exception exception)
    {
        RequestContext context = lookup.Context!;
        if ((context.Retry?.NoVerdict ?? (exception as LookupEndedException)?.Error) is { } reason)
            return End(lookup, EnrichmentStatus.NotAttempted, reason);
        if (context.Lifetime.IsEnding && exception is OperationCanceledException)
            return End(lookup, EnrichmentStatus.NotAttempted, context.Lifetime.Describe(context.Account.Attempts));
        return End(lookup, EnrichmentStatus.Failed, context.Retry?.Verdict ?? AnswerJudge.Judge(exception).Error!);
    }

    /// <summary>Creates the outcome for an unexpected exception of user code.</summary>
    public static EnrichmentOutcome Fault(IssuerLookup lookup, Exception e) => End(
        lookup,
        EnrichmentStatus.Failed,
        new EnrichmentError(EnrichmentErrorKind.Fault, $"A classifier, policy or listener threw {e.GetType().Name}.", Exception: e));

    /// <summary>Creates the outcome for an error.</summary>
    public static EnrichmentOutcome End(IssuerLookup lookup, EnrichmentStatus status, EnrichmentError error, AnswerProvenance? provenance = null)
    {
        ref LookupAccount account = ref lookup.Context!.Account;
        return new EnrichmentOutcome(lookup.Position, lookup.IssuerId, status)
        {
            Error = error,
            Source = status == EnrichmentStatus.NotFound ? EnrichmentSource.Service : EnrichmentSource.None,
            Provenance = provenance,
            Attempts = account.Attempts,
            Requests = account.Requests,
            Admission = account.Admission,
            OnTheWire = account.OnTheWire,
            Waits = account.Waits,
        };
    }

    /// <summary>Creates the outcome that an earlier run recorded.</summary>
    public EnrichmentOutcome Recall(IssuerLookup lookup, JournalRecord record, object? value) => new(lookup.Position, lookup.IssuerId, record.Status)
    {
        Value = value,
        TypeDecision = value is null ? null : Classify(lookup, record.Provenance),
        Error = record.Error,
        Source = EnrichmentSource.Journal,
        Provenance = record.Provenance,
        Attempts = record.Attempts,
    };

    private EnrichmentOutcome Accept(IssuerLookup lookup, in IssuerAnswer answer)
    {
        if (answer.IsMissing)
            return End(lookup, EnrichmentStatus.Failed, new EnrichmentError(EnrichmentErrorKind.Fault, "A custom policy returned no answer."));

        ref LookupAccount account = ref lookup.Context!.Account;
        return new EnrichmentOutcome(lookup.Position, lookup.IssuerId, answer.IsNotFound ? EnrichmentStatus.NotFound : EnrichmentStatus.Enriched)
        {
            Value = answer.Value,
            TypeDecision = answer.IsNotFound ? null : Classify(lookup, answer.Provenance),
            Error = answer.IsNotFound ? new(EnrichmentErrorKind.Rejected, "The service knows no such issuer.") : null,
            Source = answer.IsCached ? EnrichmentSource.Cache : EnrichmentSource.Service,
            Provenance = answer.Provenance,
            Attempts = account.Attempts,
            Requests = account.Requests,
            Admission = account.Admission,
            OnTheWire = account.OnTheWire,
            Waits = account.Waits,
        };
    }

    private IssuerTypeDecision? Classify(IssuerLookup lookup, AnswerProvenance? provenance) =>
        classifier?.Classify(new(lookup.IssuerId, marketSectors) { Provenance = provenance });
}
