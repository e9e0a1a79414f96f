namespace IssuerEnrichment.Runs;

/// <summary>The rule for valid ids, which applies to every service.</summary>
internal static class IssuerIdRule
{
    /// <summary>Returns why an id is invalid; null if it is valid.</summary>
    public static string? Validate(string? issuerId, int maxLength)
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
