namespace IssuerEnrichment;

/// <summary>What the attempts of one number bought: the first ones of all lookups, the second ones, and so on.</summary>
/// <param name="Attempt">The attempt's number, from 1.</param>
/// <param name="Made">Lookups that made it.</param>
/// <param name="Answered">Of these, those that it ended with an answer, be it that the service knows no such issuer.</param>
public readonly record struct AttemptReturn(int Attempt, long Made, long Answered)
{
    /// <summary>The share that was answered, 0 to 1.</summary>
    public double Share => Made == 0 ? 0 : (double)Answered / Made;
}
