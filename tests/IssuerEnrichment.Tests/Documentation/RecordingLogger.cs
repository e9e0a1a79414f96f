using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>Keeps what is logged, each line after its scopes.</summary>
internal sealed class RecordingLogger : ILoggerProvider, ISupportExternalScope, ILogger
{
    private IExternalScopeProvider? _scopes;

    public ConcurrentQueue<string> Lines { get; } = new();

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        List<string> line = [];
        _scopes?.ForEachScope((scope, parts) => parts.Add($"{scope}"), line);
        line.Add(formatter(state, exception));
        Lines.Enqueue(string.Join(" => ", line));
    }

    public void Dispose()
    {
    }
}
