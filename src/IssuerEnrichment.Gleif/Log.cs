using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Gleif;

/// <summary>All log messages of the package. Event ids and names must not change.</summary>
internal static partial class Log
{
    public static void IndexBuilt(this ILogger logger, GleifFileSummary file) => logger.IndexBuilt(
        file.DataDate, file.Rows, file.Isins, file.Leis, file.Duplicates, file.ShortRows, file.BadLeis, file.BadIsins);

    [LoggerMessage(
        1,
        LogLevel.Information,
        "Index built from GLEIF's file of {DataDate:u}: {Rows} rows, {Isins} ISINs of {Leis} LEIs, {Duplicates} duplicates; skipped: {ShortRows} short, {BadLeis} without a LEI, {BadIsins} without an ISIN",
        EventName = "IndexBuilt")]
    private static partial void IndexBuilt(
        this ILogger logger, DateTimeOffset? dataDate, long rows, long isins, long leis, long duplicates, long shortRows, long badLeis, long badIsins);
}
