namespace IssuerEnrichment.Runs;

/// <summary>What every id must be, whichever service it goes to.</summary>
internal static class IssuerIdRule
{
    /// <summary>Says why an id cannot be looked up; null where it can.</summary>
    public static string? Refuse(string? issuerId, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(issuerId))
            return issuerId is null ? "The id is null." : "The id is blank.";
        if (issuerId.Length > maxLength)
            return $"The id has {issuerId.Length} characters; at most {maxLength} are sent (Bounds.MaxIssuerIdLength).";
        foreach (char c in issuerId)
        {
            if (char.IsControl(c))
                return $"The id holds the control character U+{(int)c:X4}.";
        }

        return null;
    }
}
