namespace IssuerEnrichment.Tests;

/// <summary>Ends a wait that should be short: a test that would hang fails instead.</summary>
internal static class Fuse
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static Task WithFuse(this Task task) => task.WaitAsync(Length, TestContext.Current.CancellationToken);

    public static Task<T> WithFuse<T>(this Task<T> task) => task.WaitAsync(Length, TestContext.Current.CancellationToken);
}
