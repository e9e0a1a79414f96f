using System.Security.Cryptography;
using System.Text;

namespace IssuerEnrichment.Clients;

/// <summary>Stands for a text of any length wherever only the same text is to give the same key.</summary>
internal static class Fingerprint
{
    /// <summary>Gives 64 hexadecimal digits.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
