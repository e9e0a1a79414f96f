using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>Parses the subset of RFC 9651 (structured fields) that rate headers use, tolerantly and without allocation.</summary>
internal static class StructuredField
{
    /// <summary>Splits off the part before the next separator outside a quoted string.</summary>
    /// <returns>False if nothing is left.</returns>
    public static bool TryCut(scoped ref ReadOnlySpan<char> rest, char separator, out ReadOnlySpan<char> part)
    {
        bool any = !rest.IsEmpty;
        bool quoted = false;
        int end = 0;
        for (; end < rest.Length && (quoted || rest[end] != separator); end++)
        {
            if (rest[end] == '"')
                quoted = !quoted;
            else if (quoted && rest[end] == '\\' && end + 1 < rest.Length)
                end++;
        }

        part = rest[..end].Trim();
        rest = end < rest.Length ? rest[(end + 1)..] : default;
        return any;
    }

    /// <summary>Splits off the next item of a list, without its parameters; empty if nothing is left.</summary>
    public static ReadOnlySpan<char> NextItem(scoped ref ReadOnlySpan<char> list)
    {
        TryCut(ref list, ',', out ReadOnlySpan<char> member);
        TryCut(ref member, ';', out ReadOnlySpan<char> item);
        return item;
    }

    /// <summary>Returns the value of <c>key=value</c> among separated parts, without its own parameters; empty if the key is absent.</summary>
    public static ReadOnlySpan<char> Value(ReadOnlySpan<char> parts, char separator, ReadOnlySpan<char> key)
    {
        ReadOnlySpan<char> value = default;
        while (TryCut(ref parts, separator, out ReadOnlySpan<char> part))
        {
            // Of equal keys, the last one counts (RFC 9651, sections 4.2.2 and 4.2.3.2).
            TryCut(ref part, ';', out ReadOnlySpan<char> pair);
            int equals = pair.IndexOf('=');
            if (equals >= 0 && pair[..equals].Trim().Equals(key, StringComparison.OrdinalIgnoreCase))
                value = pair[(equals + 1)..].Trim();
        }

        return value;
    }

    /// <summary>Parses a non-negative integer; null for any other text.</summary>
    public static long? Count(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;
}
