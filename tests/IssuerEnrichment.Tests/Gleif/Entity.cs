namespace IssuerEnrichment.Tests.Gleif;

/// <summary>A legal entity as a GLEIF of the tests has it.</summary>
internal sealed record Entity(string Lei, IReadOnlyList<string> Isins)
{
    public string Category { get; init; } = "GENERAL";

    public string? SubCategory { get; init; }

    public string Name => $"Entity \"{Lei[..6]}\" & Söhne";

    /// <summary>Makes an entity with so many ISINs, all of them well-formed, and none that another has.</summary>
    public static Entity Create(int number, int isins) => new(LeiOf(number), [.. Enumerable.Range(0, isins).Select(i => IsinOf(number, i))]);

    /// <summary>Makes a well-formed LEI of each number.</summary>
    public static string LeiOf(int number)
    {
        string body = $"5299{number:D14}";
        return body + global::IssuerEnrichment.Lei.ComputeCheckDigits(body);
    }

    public static string IsinOf(int number, int index)
    {
        string body = $"XS{number:D4}{index:D5}";
        return body + Isin.ComputeCheckDigit(body);
    }
}
