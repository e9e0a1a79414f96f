namespace IssuerEnrichment;

/// <summary>Statistics of the nth attempt, across all lookups of a run.</summary>
/// <param name="Attempt">The attempt's number, starting at 1.</param>
/// <param name="Made">The number of lookups that made this attempt.</param>
/// <param name="Answered">The number of these attempts that got an answer; "no such issuer" is an answer too.</param>
public readonly record struct AttemptReturn(int Attempt, long Made, long Answered)
{
    /// <summary>The proportion of these attempts that got an answer, from 0 to 1.</summary>
    public double Share => Made == 0 ? 0 : (double)Answered / Made;
}
