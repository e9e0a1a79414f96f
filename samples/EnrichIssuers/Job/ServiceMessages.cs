using Microsoft.Extensions.Logging;

namespace EnrichIssuers.Job;

/// <summary>Writes important log messages to standard error at once, for example that the service is down or denies access.</summary>
internal sealed class ServiceMessages : ILoggerProvider, ILogger
{
    private static readonly HashSet<string?> Events = ["OutageBegan", "OutageEnded", "ServiceDenied", "OutOfThreads", "FewConnections", "IndexBuilt"];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Events.Contains(eventId.Name))
            Console.Error.WriteLine($"{formatter(state, exception)}.");
    }

    public void Dispose()
    {
    }
}
