namespace IssuerEnrichment.Lookups;

/// <summary>An attempt under way.</summary>
/// <param name="Answer">What the client gives.</param>
/// <param name="Call">Has the token that ends it.</param>
/// <param name="StartedAt">When it began, as a timestamp.</param>
/// <param name="Timeout">How long it may take, where it is timed here.</param>
/// <param name="HeldBefore">How long attempts before it were held back.</param>
internal readonly record struct RunningAttempt(Task<IssuerAnswer> Answer, TimedCall Call, long StartedAt, TimeSpan Timeout, TimeSpan HeldBefore)
{
    /// <summary>Whether there is nothing to wait for.</summary>
    public bool IsOver => Answer.IsCompleted;
}
