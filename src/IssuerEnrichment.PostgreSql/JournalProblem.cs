using System.Data.Common;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Translates errors of a journal's database to messages that say what to fix.</summary>
internal static class JournalProblem
{
    public static EnrichmentJournalException Of(string name, Exception e) => e as EnrichmentJournalException ?? new(e switch
    {
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        DbException { SqlState: "42501" } => $"The journal '{name}' does not permit access to this user; grant the missing permissions: {Detail(e)}",
        DbException { SqlState: "53100" } => $"The journal '{name}' cannot be written, because the server's disk is full; free some space and start the run again.",
        DbException { SqlState: "25006" } => $"The journal '{name}' cannot be written, because the server is a standby or read-only; connect to the primary.",
        DbException { SqlState: ['2', '8', ..] or "3D000" } => $"The journal '{name}' cannot be reached, because the server rejects the connection: {Detail(e)}",

        DbException { InnerException: TimeoutException } or DbException { SqlState: "57014" } =>
            $"The journal '{name}' did not answer in time; check the load of the server and start the run again.",

        // Without a state, the error is the provider's own, mostly of the network.
        DbException { SqlState: null or ['0', '8', ..] or "57P01" or "57P02" or "57P03" or "57P05" } or IOException =>
            $"The journal '{name}' cannot be reached; start the run again when the server is back: {Detail(e)}",
        InvalidDataException => $"The journal '{name}' is damaged; give the run another name to start from scratch: {Detail(e)}",
        _ => $"The journal '{name}' failed: {Detail(e)}",
    }, e);

    // The first line only, because the rest is about the statement.
    private static string Detail(Exception e)
    {
        string line = e.Message.AsSpan().TrimStart().ToString().ReplaceLineEndings("\n").Split('\n')[0];
        return line.EndsWith('.') ? line : $"{line}.";
    }
}
