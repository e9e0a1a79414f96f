using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>The failure of a lookup's first attempt, which bypassed the policies. The policies continue from here.</summary>
/// <param name="Exception">The exception.</param>
/// <param name="Pass">The gate's pass, to be returned.</param>
internal sealed record FirstFailure(Exception Exception, GatePass Pass)
{
    private static readonly ResiliencePropertyKey<FirstFailure?> Key = new("IssuerEnrichment.FirstFailure");

    /// <summary>Returns the failure if the policies have not handled it yet.</summary>
    public static FirstFailure? From(ResilienceContext context) => context.Properties.GetValue(Key, null);

    /// <summary>Returns the failure, once, for the policies to handle it.</summary>
    public static FirstFailure? TakeFrom(ResilienceContext context)
    {
        FirstFailure? failure = From(context);
        if (failure is not null)
            context.Properties.Set(Key, null);
        return failure;
    }

    public void AttachTo(ResilienceContext context) => context.Properties.Set(Key, this);
}
