namespace IssuerEnrichment.Testing;

/// <summary>A hash that is the same in every process, unlike <see cref="object.GetHashCode"/>: FNV-1a, finished by SplitMix64.</summary>
internal readonly struct StableHash(ulong state)
{
    private const ulong FnvPrime = 1099511628211;
    private const ulong FnvOffset = 14695981039346656037;

    public static StableHash Empty => new(FnvOffset);

    public StableHash Add(int value) => new((state ^ (uint)value) * FnvPrime);

    public StableHash Add(string text)
    {
        ulong hash = state;
        foreach (char c in text)
            hash = (hash ^ c) * FnvPrime;

        // Without the length, ("ab", "c") and ("a", "bc") would have the same hash.
        return new StableHash(hash).Add(text.Length);
    }

    public ulong ToUInt64()
    {
        // FNV leaves the high bits of short inputs nearly equal; SplitMix64's finaliser mixes them.
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns a number in [0, 1), uniformly distributed.</summary>
    public double ToUnit() => (ToUInt64() >> 11) * (1.0 / (1UL << 53));
}
