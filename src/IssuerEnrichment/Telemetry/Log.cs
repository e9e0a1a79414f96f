using IssuerEnrichment.Throttling;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Telemetry;

/// <summary>All log messages of the library. Event ids and names must not change.</summary>
internal static partial class Log
{
    private static readonly Func<ILogger, int, IDisposable?> WorkerScope = LoggerMessage.DefineScope<int>("worker thread {ThreadId}");

    public static IDisposable? BeginWorkerScope(this ILogger logger, int threadId) => WorkerScope(logger, threadId);

    [LoggerMessage(1, LogLevel.Information, "Run started: strategy {Strategy}, up to {MaxConcurrency} concurrent", EventName = "RunStarted")]
    public static partial void RunStarted(this ILogger logger, string strategy, int maxConcurrency);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "Run ended after {Seconds:0.###} s: {Inputs} inputs, {Enriched} enriched, {NotFound} not found, {Invalid} invalid, {Failed} failed, {NotAttempted} not attempted; {Requests} requests",
        EventName = "RunEnded")]
    public static partial void RunEnded(
        this ILogger logger, double seconds, long inputs, long enriched, long notFound, long invalid, long failed, long notAttempted, long requests);

    [LoggerMessage(3, LogLevel.Debug, "Issuer {IssuerId}: {Status} after {Attempts} attempts", EventName = "IssuerSettled")]
    public static partial void IssuerSettled(this ILogger logger, string? issuerId, EnrichmentStatus status, int attempts);

    [LoggerMessage(4, LogLevel.Warning, "Gave up on issuer {IssuerId} after {Attempts} attempts: {Reason}", EventName = "GaveUp")]
    public static partial void GaveUp(this ILogger logger, string? issuerId, int attempts, string reason);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "The service seems to be down: {Failures} issuers failed in a row. {Cause} Lookups wait up to {Seconds:0.###} s for it to recover",
        EventName = "OutageBegan")]
    public static partial void OutageBegan(this ILogger logger, int failures, string cause, double seconds);

    [LoggerMessage(6, LogLevel.Information, "The service is available again", EventName = "OutageEnded")]
    public static partial void OutageEnded(this ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "The cache failed, falling back to the service: {Exception}: {Reason}", EventName = "CacheFailed")]
    public static partial void CacheFailed(this ILogger logger, string exception, string reason);

    [LoggerMessage(8, LogLevel.Information, "Gate: {Change} ({Reason}): {Belief}", EventName = "GateChanged")]
    public static partial void GateChanged(this ILogger logger, GateChangeKind change, string reason, string belief);

    [LoggerMessage(9, LogLevel.Error, "The service denies access for all issuers, so the run ends. {Cause}", EventName = "ServiceDenied")]
    public static partial void ServiceDenied(this ILogger logger, string cause);

    [LoggerMessage(10, LogLevel.Warning, "The service knows none of {NotFound} issuers: check its address and the format of the ids", EventName = "NoneKnown")]
    public static partial void NoneKnown(this ILogger logger, long notFound);

    [LoggerMessage(11, LogLevel.Warning, "The system cannot create more threads; the concurrency is {Missing} lower than configured", EventName = "OutOfThreads")]
    public static partial void OutOfThreads(this ILogger logger, int missing);

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "The limit on open files is low (ulimit -n), so at most {Connections} connections are used; further requests wait",
        EventName = "FewConnections")]
    public static partial void FewConnections(this ILogger logger, int connections);
}
