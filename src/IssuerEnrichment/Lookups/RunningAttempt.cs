namespace IssuerEnrichment.Lookups;

/// <summary>An attempt in flight.</summary>
/// <param name="Answer">The client's answer.</param>
/// <param name="Call">Has the token that cancels it.</param>
/// <param name="StartedAt">The timestamp when it started.</param>
/// <param name="Timeout">Its timeout, if the timeout is applied here.</param>
/// <param name="HeldBefore">How long earlier attempts were held back.</param>
internal readonly record struct RunningAttempt(Task<IssuerAnswer> Answer, TimedCall Call, long StartedAt, TimeSpan Timeout, TimeSpan HeldBefore)
{
    /// <summary>Whether the attempt has completed.</summary>
    public bool IsOver => Answer.IsCompleted;
}
