namespace IssuerEnrichment.Tests;

/// <summary>A timeout for waits that should be short, so that a test fails instead of hanging.</summary>
internal static class TestTimeout
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static Task WithTimeout(this Task task) => task.WaitAsync(Length, TestContext.Current.CancellationToken);

    public static Task<T> WithTimeout<T>(this Task<T> task) => task.WaitAsync(Length, TestContext.Current.CancellationToken);
}
