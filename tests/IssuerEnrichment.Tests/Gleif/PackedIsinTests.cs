using CsCheck;
using IssuerEnrichment.Gleif.Files;

namespace IssuerEnrichment.Tests.Gleif;

public sealed class PackedIsinTests
{
    private static readonly Gen<string> Isins =
        from letters in Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ"].Array[2]
        from middle in Gen.Char["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"].Array[9]
        from digit in Gen.Char["0123456789"]
        select string.Concat(letters) + string.Concat(middle) + digit;

    [Fact]
    public void A_packed_isin_unpacks_to_the_same() => Isins.Sample(isin => PackedIsin.Unpack(Pack(isin)) == isin);

    [Fact]
    public void Numbers_have_the_order_of_texts() => Gen.Select(Isins, Isins).Sample((left, right) =>
        Math.Sign(Pack(left).CompareTo(Pack(right))) == Math.Sign(string.CompareOrdinal(left, right)));

    [Fact]
    public void Text_of_another_form_cannot_be_packed() => Gen.String[0, 14].Sample(text =>
        PackedIsin.TryPack(text, out _) == System.Text.RegularExpressions.Regex.IsMatch(text, @"\A[A-Z]{2}[A-Z0-9]{9}[0-9]\z"));

    private static ulong Pack(string isin) => PackedIsin.TryPack(isin, out ulong packed) ? packed : throw new FormatException(isin);
}
