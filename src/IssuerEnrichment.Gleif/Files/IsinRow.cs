using System.Runtime.InteropServices;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>One row of the file: its ISIN, and the number of its LEI in order of first occurrence.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct IsinRow(int Lei, ulong Isin);
