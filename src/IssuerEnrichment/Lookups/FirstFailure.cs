using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>How the first attempt of a lookup failed, which has bypassed the policies; they take it from here.</summary>
/// <param name="Exception">What came of it.</param>
/// <param name="Pass">What the gate is owed for it.</param>
internal sealed record FirstFailure(Exception Exception, GatePass Pass)
{
    private static readonly ResiliencePropertyKey<FirstFailure?> Key = new("IssuerEnrichment.FirstFailure");

    /// <summary>Gives it where the policies have not heard of it yet.</summary>
    public static FirstFailure? From(ResilienceContext context) => context.Properties.GetValue(Key, null);

    /// <summary>The same, once: the policies hear of it now.</summary>
    public static FirstFailure? TakeFrom(ResilienceContext context)
    {
        FirstFailure? failure = From(context);
        if (failure is not null)
            context.Properties.Set(Key, null);
        return failure;
    }

    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);
}
