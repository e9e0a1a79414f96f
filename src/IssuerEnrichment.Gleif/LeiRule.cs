namespace IssuerEnrichment.Gleif;

/// <summary>The rule for valid ids in all GLEIF sources: an id is a LEI. It needs no request.</summary>
internal static class LeiRule
{
    public static string? Validate(string issuerId)
    {
        if (Lei.IsValid(issuerId))
            return null;
        try
        {
            Lei.Parse(issuerId);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
