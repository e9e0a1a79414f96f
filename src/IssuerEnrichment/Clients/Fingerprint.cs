using System.Security.Cryptography;
using System.Text;

namespace IssuerEnrichment.Clients;

/// <summary>A fixed-length hash of a text, for keys.</summary>
internal static class Fingerprint
{
    /// <summary>Returns 64 hexadecimal digits.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
