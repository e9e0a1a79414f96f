using System.Runtime.InteropServices;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>One row of the file: the number of its LEI, in the order in which they were met, and its ISIN.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct IsinRow(int Lei, ulong Isin);
