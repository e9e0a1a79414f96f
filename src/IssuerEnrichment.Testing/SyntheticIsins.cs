namespace IssuerEnrichment.Testing;

/// <summary>Invents an issuer's ISINs from its id: nothing is stored, so the service knows every issuer there could be.</summary>
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
        return [.. Enumerable.Range(1, count).Select(n => Isin(country, hash.Add(n).ToUInt64(), n))];
    }

    private static string Isin(string country, ulong random, int ordinal)
    {
        Span<char> isin = stackalloc char[12];
        country.CopyTo(isin);
        for (int i = 2; i < 10; i++, random /= 36)
            isin[i] = Characters[(int)(random % 36)];

        // The ordinal keeps the ISINs of one issuer apart from each other.
        isin[10] = Characters[ordinal];
        isin[11] = CheckDigit(isin[..11]);
        return new(isin);
    }

    // ISO 6166: letters become two digits (A = 10 … Z = 35), then Luhn from the right, the last digit doubled.
    private static char CheckDigit(ReadOnlySpan<char> body)
    {
        int sum = 0;
        bool doubled = true;
        for (int i = body.Length - 1; i >= 0; i--)
        {
            for (int value = Characters.IndexOf(body[i]), rest = value; ; rest /= 10)
            {
                int digit = rest % 10 * (doubled ? 2 : 1);
                sum += (digit / 10) + (digit % 10);
                doubled = !doubled;
                if (rest < 10)
                    break;
            }
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
