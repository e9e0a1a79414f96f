namespace IssuerEnrichment.Gleif;

/// <summary>What every source of GLEIF's takes for an id: a LEI, told without a request.</summary>
internal static class LeiRule
{
    public static string? Refuse(string issuerId)
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
