namespace IssuerEnrichment.Testing;

/// <summary>Generates an issuer's ISINs from its id. Nothing is stored, so the service knows every possible issuer.</summary>
internal static class SyntheticIsins
{
    private const int MaxPerIssuer = 6;
    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static readonly string[] CountryCodes = ["US", "CA", "GB", "DE", "FR", "JP"];

    public static IReadOnlyList<string> Of(string id)
    {
        StableHash hash = StableHash.Empty.Add(id);
        int count = (int)(hash.ToUInt64() % (MaxPerIssuer + 1));
        string country = CountryCodes[hash.Add(CountryCodes.Length).ToUInt64() % (ulong)CountryCodes.Length];
        return [.. Enumerable.Range(1, count).Select(n => Complete(country, hash.Add(n).ToUInt64(), n))];
    }

    private static string Complete(string country, ulong random, int ordinal)
    {
        Span<char> isin = stackalloc char[12];
        country.CopyTo(isin);
        for (int i = 2; i < 10; i++, random /= 36)
            isin[i] = Characters[(int)(random % 36)];

        // The ordinal makes the ISINs of one issuer distinct.
        isin[10] = Characters[ordinal];
        isin[11] = Isin.ComputeCheckDigit(isin[..11]);
        return new(isin);
    }
}
