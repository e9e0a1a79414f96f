using System.Globalization;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Gauntlet;

/// <summary>Counts the outages that the library logs, and writes its log to standard error if wanted.</summary>
internal sealed class RunLog(bool writes) : ILoggerProvider, ILogger
{
    private readonly long _startedAt = TimeProvider.System.GetTimestamp();
    private int _outages;

    public int Outages => _outages;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "OutageBegan")
            Interlocked.Increment(ref _outages);
        if (writes)
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{TimeProvider.System.GetElapsedTime(_startedAt).TotalSeconds:0.000} {logLevel}: {formatter(state, exception)}"));
    }

    public void Dispose()
    {
    }
}
