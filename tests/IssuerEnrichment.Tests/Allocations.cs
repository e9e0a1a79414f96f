namespace IssuerEnrichment.Tests;

internal static class Allocations
{
    /// <summary>The bytes this thread allocates during one call, after a first one that pays for what is made once.</summary>
    public static long During<T>(Func<T> call)
    {
        call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
